#pragma once
// The payloads of one received message on their way into the store: small ones in memory, large ones in private files
// that grow while the message is opened. Whatever no effect has named when this goes, goes with it. Internal to the
// room.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/message/open.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

class incoming_payloads final : public edelivery::part_shelf {
 public:
  explicit incoming_payloads(store::payload_store const& into) : store_(into) {}
  ~incoming_payloads() override;
  incoming_payloads(incoming_payloads const&) = delete;
  incoming_payloads& operator=(incoming_payloads const&) = delete;

  result<byte_sink*> place(std::string_view content_id) override;

  // Before the effect: on disk when these return.
  result<store::prepared_payload> prepare(edelivery::received_part const& part);
  result<store::prepared_payload> prepare(std::string_view bytes);
  result<store::prepared_payload> prepare(std::unique_ptr<store::growing_payload> whole);

  // The part as a string; empty when it is longer than `most`.
  result<std::string> text_of(edelivery::received_part const& part, std::uint64_t most) const;

  // After the effect: it names them.
  void keep();

 private:
  store::payload_store const& store_;
  std::map<std::string, std::unique_ptr<store::growing_payload>, std::less<>> shelved_;
  std::vector<std::unique_ptr<store::growing_payload>> others_;
  std::vector<store::prepared_payload> written_;  // at once, not grown
};

}  // namespace ehds::node::exchange
