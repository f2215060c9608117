// A SOAP envelope as it comes from the network: what is read from it can be written again and reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/xml/soap.hpp"

using namespace ehds::edelivery;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

void check_round_trip(user_message const& message) {
  auto const text = write_user_message(message);
  if (!text) return;  // values that we would not send
  auto const again =
      xml::document::parse("<eb:Messaging xmlns:eb=\"" + std::string{ns::ebms} + "\">" + *text + "</eb:Messaging>");
  demand(again.has_value());
  auto const read = read_messaging(again->root());
  demand(read.has_value());
  demand(std::get<user_message>(*read) == message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::vector<char> const exact{bytes, bytes + size};
  auto const envelope = parse_envelope({exact.data(), exact.size()});
  if (!envelope) {
    demand(!envelope.error().code.empty());
    return 0;
  }
  (void)readable_message_id(envelope->messaging());
  auto const content = read_messaging(envelope->messaging());
  if (!content) {
    demand(ebms_code_of(content.error()).code != "EBMS:0004");
    return 0;
  }
  if (auto const* const message = std::get_if<user_message>(&*content)) check_round_trip(*message);
  return 0;
}
