#include "node/exchange/vouched_intake.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "node/exchange/incoming_payloads.hpp"

namespace ehds::node::exchange {
namespace {

using edelivery::remembered;

// One payload on its way: small ones stay in memory, large ones go to a private file.
class arriving_part final : public byte_sink {
 public:
  arriving_part(incoming_payloads& into, edelivery::received_part& part) : into_(into), part_(part) {}

  result<void> add(std::string_view bytes) override {
    digest_.add(bytes);
    part_.size += bytes.size();
    if (file_ == nullptr && part_.size > store::payload_row_limit) {
      auto placed = into_.place(part_.content_id);
      if (!placed) return std::move(placed).error();
      file_ = *placed;
      part_.is_shelved = true;
      auto const held = std::exchange(part_.bytes, {});
      if (auto kept = file_->add(held); !kept) return kept;
    }
    if (file_ != nullptr) return file_->add(bytes);
    part_.bytes.append(bytes);
    return {};
  }
  std::string sha256_hex() { return to_hex(digest_.finish()); }

 private:
  incoming_payloads& into_;
  edelivery::received_part& part_;
  sha256_stream digest_;
  byte_sink* file_ = nullptr;
};

result<vouched_message> unpack(retrieved_answer const& answer, instant now, incoming_payloads& payloads) {
  vouched_message message;
  message.header = answer.message().header;
  if (message.header.timestamp == instant{}) message.header.timestamp = now;
  for (auto const& payload : answer.message().payloads) {
    edelivery::received_part part;
    part.content_id = payload.payload_id;
    part.mime_type = payload.mime_type;
    part.character_set = payload.character_set;
    part.properties = payload.properties;
    arriving_part into(payloads, part);
    if (auto const copied = answer.copy(payload, into); !copied) return copied.error();
    message.sha256_hex.push_back(into.sha256_hex());
    message.parts.push_back(std::move(part));
  }
  return message;
}

}  // namespace

bool is_of_disk(problem const& why) {
  constexpr std::array codes{"store.disk_full", "store.payload", "store.busy", "store.broken"};
  return std::ranges::find(codes, why.code) != codes.end();
}

result<remembered::verdict> take_handed(dispatcher& to, retrieved_answer const& message, instant now) {
  incoming_payloads payloads(to.database().payloads());
  auto const unpacked = unpack(message, now, payloads);
  if (!unpacked) return unpacked.error();
  auto const stored = to.take_vouched(*unpacked, payloads);
  if (stored && *stored == remembered::verdict::different)
    return problem{"edelivery.duplicate.different",
                   "Another message with this id was taken before; that one stays as it was.",
                   unpacked->header.message_id, "Ask the partner which of the two is meant; an id is used once."};
  return stored;
}

result<void> take_pushed(dispatcher& to, retrieved_answer const& message, instant now) {
  auto const& header = message.message().header;
  if (header.is_test()) return {};
  auto const taken = take_handed(to, message, now);
  if (taken) return {};
  tell_refused_push(to, header.message_id, taken.error());
  return taken.error();
}

void tell_refused_push(dispatcher const& to, std::string_view message_id, problem const& why) {
  auto refused = edelivery::refused_for(why);
  if (is_of_disk(why)) refused.code = "EBMS:0202";
  refused.message_id = message_id;
  to.tell_refusal(refused);
}

}  // namespace ehds::node::exchange
