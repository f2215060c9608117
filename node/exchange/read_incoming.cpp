// What a verified message says, read before the effect that stores it: header, envelope and parts, on disk.
#include "base/bytes.hpp"
#include "node/exchange/incoming_payloads.hpp"
#include "node/exchange/taken_in.hpp"

namespace ehds::node::exchange {
namespace {

edelivery::received_part const* first_part(std::vector<edelivery::received_part> const& parts, std::string_view type) {
  for (auto const& part : parts)
    if (part.mime_type.starts_with(type) && part.size > 0) return &part;
  return nullptr;
}

problem too_large(edelivery::received_part const& part, std::string_view code, std::uint64_t limit) {
  return {
      std::string(code),
      "A payload has " + std::to_string(part.size) + " bytes; here at most " + std::to_string(limit) + " are taken.",
      "cid:" + part.content_id, "Send less in one message."};
}

// The JSON must say what the header says; where it says something else about the sender, the header counts.
problems compare(envelope const& said, edelivery::user_message const& header) {
  problems found;
  if (said.type != header.action)
    found.push_back({"exchange.envelope.type", "The message says another type than its AS4 action.", "/type",
                     "Write the action '" + header.action + "' as type."});
  if (!said.message_id.empty() && said.message_id != header.message_id)
    found.push_back({"exchange.envelope.message_id", "The message says another id than its AS4 header.", "/message_id",
                     "Write the AS4 MessageId."});
  return found;
}

}  // namespace

// What the header says, and the payloads: on disk when this returns. A problem means that we cannot store now.
result<dispatcher::taken_in> dispatcher::read(edelivery::user_message const& header, part_list const& parts,
                                              std::string const& pmode_id, incoming_payloads& payloads) const {
  taken_in got;
  auto& message = got.message;
  message.service = header.service;
  message.action = header.action;
  message.message_id = header.message_id;
  message.original_message_id = header.ref_to_message_id;
  message.conversation_id = header.conversation_id;
  message.access_point_id = header.from.id;
  message.nation_id = nation_of(header.from.id);
  message.received_at = clock_.now();
  message.pmode_id = pmode_id;
  if (auto const* const taker = settings_.back_ends.taker_of(message.service, message.action)) {
    got.kept = kept_message{0, true, taker->name, pmode_id, header, {}};
    if (auto done = read_parts(parts, got, payloads); !done) return std::move(done).error();
    return got;
  }
  auto const taker = routes_.find(message.service);
  if (taker != routes_.end() && taker->second.is_document) {
    if (auto done = read_document(parts, got, payloads); !done) return std::move(done).error();
    return got;
  }
  if (auto done = read_attachments(parts, got, payloads); !done) return std::move(done).error();
  auto const* const part = first_part(parts, "application/json");
  std::string json;
  got.content_sha256 = sha256_hex(json);
  if (part != nullptr) {
    auto text = payloads.text_of(*part, envelope_limit);
    if (!text) return std::move(text).error();
    auto ready = payloads.prepare(*part);
    if (!ready) return std::move(ready).error();
    json = *std::move(text);
    got.content_sha256 = ready->sha256_hex;
    got.envelope = *std::move(ready);
  }
  read_json(header, part, json, got);
  return got;
}

result<void> dispatcher::read_document(part_list const& parts, taken_in& got, incoming_payloads& payloads) const {
  got.content_sha256 = sha256_hex("");
  auto const* part = first_part(parts, "application/xml");
  if (part == nullptr) part = first_part(parts, "text/xml");
  if (part == nullptr) {
    got.of_envelope.push_back({"exchange.document.missing", "The message has no XML document.", got.message.service,
                               "Send the document as application/xml."});
    return {};
  }
  auto ready = payloads.prepare(*part);
  if (!ready) return std::move(ready).error();
  got.content_sha256 = ready->sha256_hex;
  got.envelope = *std::move(ready);
  if (part->size > document_limit) {
    got.of_envelope.push_back(too_large(*part, "exchange.document.too_large", document_limit));
    return {};
  }
  auto text = payloads.text_of(*part, document_limit);
  if (!text) return std::move(text).error();
  got.message.content = *std::move(text);
  return {};
}

result<void> dispatcher::read_parts(part_list const& parts, taken_in& got, incoming_payloads& payloads) const {
  sha256_stream all;
  for (auto const& part : parts) {
    auto ready = payloads.prepare(part);
    if (!ready) return std::move(ready).error();
    got.kept->parts.push_back({part.content_id, part.mime_type, part.character_set, part.properties, ready->id,
                               ready->size, ready->sha256_hex});
    all.add(ready->sha256_hex);
    got.parts.push_back(*std::move(ready));
  }
  got.content_sha256 = to_hex(all.finish());
  return {};
}

result<void> dispatcher::read_attachments(part_list const& parts, taken_in& got, incoming_payloads& payloads) const {
  auto const* const part = first_part(parts, "application/zip");
  if (part == nullptr) return {};
  auto text = payloads.text_of(*part, attachments_in_memory);
  if (!text) return std::move(text).error();
  auto ready = payloads.prepare(*part);
  if (!ready) return std::move(ready).error();
  auto& message = got.message;
  message.attachments = *std::move(text);
  message.attachments_payload = ready->id;
  message.attachments_size = ready->size;
  got.attachments = *std::move(ready);
  auto const route = routes_.find(message.service);
  bool const is_taken = route != routes_.end() && route->second.attachments == attachments_as::payload;
  if (part->size > attachments_in_memory && !is_taken)
    got.of_envelope.push_back(too_large(*part, "exchange.attachments.too_large", attachments_in_memory));
  return {};
}

void dispatcher::read_json(edelivery::user_message const& header, edelivery::received_part const* part,
                           std::string const& json, taken_in& got) const {
  if (part != nullptr && part->size > envelope_limit) {
    got.of_envelope.push_back(too_large(*part, "exchange.envelope.too_large", envelope_limit));
    return;
  }
  auto said = read_envelope(json);
  if (!said) {
    got.of_envelope.push_back(said.error());
    return;
  }
  for (auto& each : compare(*said, header)) got.of_envelope.push_back(std::move(each));
  got.message.release = said->release;
  got.message.content = said->content;
}

}  // namespace ehds::node::exchange
