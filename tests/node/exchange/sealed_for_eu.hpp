#pragma once
// Messages as EU gets them over the wire.
#include <array>
#include <string>

#include "edelivery/message/pack.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {

// From `sender`, as its header says, and signed by `signer`.
inline edelivery::wire_message sealed_for_eu(edelivery::outgoing_message const& message,
                                             std::string const& sender = "FR", std::string const& signer = "FR",
                                             std::string const& service = std::string(exchange::star_service)) {
  auto const mode = pmode_between(sender, "EU", service);
  edelivery::access_point const point{keys_of(signer), {keys_of(signer)}, sender + ".example"};
  return edelivery::seal(edelivery::pack(message, mode, point, noon()).value(), mode, noon()).value();
}

inline edelivery::outgoing_message with_json(std::string const& content, std::string const& message_id = {}) {
  edelivery::outgoing_message message;
  message.action = "createDataset";
  message.message_id = message_id;
  message.payloads = {{"application/json", content, "", {}, nullptr}};
  return message;
}

// Two messages of FR's that say other things under one id.
inline std::array<edelivery::wire_message, 2> two_under_one_id() {
  return {sealed_for_eu(with_json("{}", "same@FR.example")),
          sealed_for_eu(with_json(R"({"other": 1})", "same@FR.example"))};
}

// A bit of the payload, after it was signed.
inline edelivery::wire_message tampered(edelivery::wire_message message) {
  message.body[message.body.rfind("\r\n--") - 20] ^= 1;
  return message;
}

}  // namespace ehds::tests
