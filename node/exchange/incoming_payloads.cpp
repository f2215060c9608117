#include "node/exchange/incoming_payloads.hpp"

#include <new>

namespace ehds::node::exchange {

incoming_payloads::~incoming_payloads() {
  for (auto const& one : written_) store_.discard(one);
}

result<byte_sink*> incoming_payloads::place(std::string_view content_id) {
  auto made = store_.begin();
  if (!made) return std::move(made).error();
  auto& kept = shelved_[std::string(content_id)];
  kept = *std::move(made);
  return kept.get();
}

result<store::prepared_payload> incoming_payloads::prepare(edelivery::received_part const& part) {
  return part.is_shelved ? shelved_.at(part.content_id)->finish() : prepare(part.bytes);
}

result<store::prepared_payload> incoming_payloads::prepare(std::string_view bytes) {
  auto ready = store_.prepare(bytes);
  if (!ready || !ready->in_file) return ready;
  try {
    written_.push_back(*ready);
  } catch (std::bad_alloc const&) {
    store_.discard(*ready);
    throw;
  }
  return ready;
}

result<store::prepared_payload> incoming_payloads::prepare(std::unique_ptr<store::growing_payload> whole) {
  others_.push_back(std::move(whole));
  return others_.back()->finish();
}

result<std::string> incoming_payloads::text_of(edelivery::received_part const& part, std::uint64_t most) const {
  if (part.size > most) return std::string();
  if (!part.is_shelved) return part.bytes;
  string_sink whole;
  auto const read = each_piece(*shelved_.at(part.content_id), [&](std::string_view piece) { return whole.add(piece); });
  if (!read) return read.error();
  return std::move(whole.text);
}

void incoming_payloads::keep() {
  for (auto const& [id, one] : shelved_) one->keep();
  for (auto const& one : others_) one->keep();
  written_.clear();
}

}  // namespace ehds::node::exchange
