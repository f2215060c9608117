// The way in: bytes from the AS4 endpoint to the consumer, once, in one effect.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/inbox.hpp"
#include "node/exchange/incoming_payloads.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/tables.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

// A message on its way through the effect.
struct dispatcher::taken_in {
  business_message message;
  problems of_envelope;
  std::string content_sha256;
  std::string raw_type;
  inbox_entry inbox = {};
  // For a back end: the message as it is, and its parts.
  std::optional<kept_message> kept;
  std::vector<store::prepared_payload> parts;
  // Made before the effect: large ones are on disk by then.
  std::optional<store::prepared_payload> envelope;
  std::optional<store::prepared_payload> attachments;
  std::optional<store::prepared_payload> raw;
  // What the effect found out.
  inbox_finding known = {};
};

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

// The thing a message is about, for the ledger: what most contents name.
std::string subject_of(std::string const& content) {
  auto const read = nlohmann::json::parse(content, nullptr, false);
  if (!read.is_object()) return {};
  for (auto const* name : {"application_id", "identifier", "query_id"}) {
    auto const found = read.find(name);
    if (found != read.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

// Of a message that its partner signed.
edelivery::refusal refused_with(char const* code, problem why, edelivery::incoming_message const& message) {
  auto const& header = message.header;
  return {code, std::move(why), header.message_id, message.pmode_id, {}, header.from.id, true};
}

edelivery::refusal other_content(edelivery::incoming_message const& message) {
  return refused_with(
      "EBMS:0003",
      {"edelivery.duplicate.different", "Another message with this id was taken before; that one stays as it was.",
       "UserMessage/MessageInfo/MessageId", "Ask the partner which of the two is meant; an id is used once."},
      message);
}

// "" when there is no payload.
std::string put(store::transaction& tx, std::optional<store::prepared_payload> const& payload) {
  if (!payload) return {};
  store::payload_store::put(tx, *payload);
  return payload->id;
}

}  // namespace

edelivery::reply dispatcher::receive(std::string_view content_type, std::string_view body) {
  if (auto done = receive_message(content_type, body)) return *std::move(done);
  return on_signal_ ? on_signal_(content_type, body) : refuse_signal();
}

edelivery::reply dispatcher::receive(std::string_view content_type, std::unique_ptr<store::growing_payload> body) {
  auto done = receive_message(content_type, std::move(body));
  return done ? *std::move(done) : refuse_signal();  // no signal is so large
}

std::optional<edelivery::reply> dispatcher::receive_message(std::string_view content_type, std::string_view body) {
  return take_in(content_type, memory_source(body), [&](incoming_payloads& into) { return into.prepare(body); });
}

std::optional<edelivery::reply> dispatcher::receive_message(std::string_view content_type,
                                                            std::unique_ptr<store::growing_payload> body) {
  auto const& source = *body;  // lives in the payloads when it has been prepared
  return take_in(content_type, source, [&](incoming_payloads& into) { return into.prepare(std::move(body)); });
}

edelivery::reply dispatcher::refuse_signal() const {
  auto const why = edelivery::refused_for(
      {"edelivery.feature.kind", "A signal came where a user message is awaited.", "Messaging", "Send user messages."});
  tell_refusal(why);
  return receiver_.refuse(why);
}

// Empty: it is a signal.
std::optional<edelivery::reply> dispatcher::take_in(
    std::string_view content_type, byte_source const& body,
    std::function<result<store::prepared_payload>(incoming_payloads&)> const& prepare_raw) {
  incoming_payloads payloads(db_.payloads());
  auto const arrival = receiver_.examine(content_type, body, &payloads);
  if (arrival.refused && arrival.refused->diagnosis.code == "edelivery.feature.kind") return std::nullopt;
  if (arrival.refused) note_refusal(*arrival.refused, content_type, body);
  if (!arrival.message) return arrival.answer;
  if (auto const fits = check_answered(arrival.message->header, arrival.message->pmode_id); !fits) {
    auto const why = refused_with("EBMS:0003", fits.error(), *arrival.message);
    note_refusal(why, content_type, body);
    return receiver_.refuse(why);
  }
  store::fail_point("exchange.examined");
  auto got = read(arrival.message->header, arrival.message->parts, arrival.message->pmode_id, payloads);
  if (!got) return receiver_.not_stored(arrival);
  got->message.signer = arrival.message->signer;
  got->raw_type = content_type;
  got->inbox = {arrival.duplicate_key, arrival.fingerprint, arrival.answer};
  auto raw = prepare_raw(payloads);
  if (!raw) return receiver_.not_stored(arrival);
  got->raw = *std::move(raw);
  result<void> stored;
  try {
    stored = db_.commit([&](store::transaction& tx) { return accept_once(tx, *got); });
  } catch (std::exception const&) {
    // A mistake in a consumer: the message waits at its sender instead of being lost here.
    return receiver_.not_stored(arrival);
  }
  // After a failed fsync nobody knows what is on disk: the next start sweeps what no row names.
  auto const& seen = got->known.seen;
  bool const is_named = stored && !got->known.is_damaged && seen.seen == edelivery::remembered::verdict::is_new;
  if (is_named || (!stored && stored.error().code == "store.broken")) payloads.keep();
  if (!stored) return receiver_.not_stored(arrival);
  store::fail_point("exchange.stored");
  if (got->known.is_damaged) {
    ++damaged_receipts_;
    note_refusal(refused_with("EBMS:0202", damaged_inbox_row(got->message.message_id), *arrival.message), content_type,
                 body);
    return receiver_.not_stored(arrival);
  }
  if (seen.seen == edelivery::remembered::verdict::different)
    note_refusal(other_content(*arrival.message), content_type, body);
  return receiver_.conclude(arrival, seen);
}

result<edelivery::remembered::verdict> dispatcher::take_vouched(vouched_message const& message,
                                                                incoming_payloads& payloads) {
  auto const& header = message.header;
  auto const mode = book_.for_received(header);
  if (!mode) return mode.error();
  auto fits = edelivery::check_properties(header.properties, **mode, edelivery::direction::receive);
  if (fits) fits = check_answered(header, (*mode)->id);
  if (!fits) return std::move(fits).error();
  auto got = read(header, message.parts, (*mode)->id, payloads);
  if (!got) return std::move(got).error();
  std::vector<edelivery::signed_reference> references;
  for (std::size_t n = 0; n < message.parts.size(); ++n)
    references.push_back({"cid:" + message.parts[n].content_id, message.sha256_hex.at(n), {}});
  // A Domibus keeps properties as a set: they may come in another order the next time.
  auto sorted = header;
  std::ranges::sort(sorted.properties, {}, &edelivery::message_property::name);
  got->inbox = {edelivery::duplicate_key_of(header), edelivery::fingerprint_of(sorted, references), {}};
  store::fail_point("exchange.examined");
  result<void> stored;
  try {
    stored = db_.commit([&](store::transaction& tx) { return accept_once(tx, *got); });
  } catch (std::exception const&) {
    return problem{"exchange.consumer.failed", "The message could not be taken in now.", header.message_id, ""};
  }
  auto const& known = got->known;
  bool const is_named = stored && !known.is_damaged && known.seen.seen == edelivery::remembered::verdict::is_new;
  if (is_named || (!stored && stored.error().code == "store.broken")) payloads.keep();
  if (!stored) return std::move(stored).error();
  store::fail_point("exchange.stored");
  if (known.is_damaged) {
    ++damaged_receipts_;
    return damaged_inbox_row(header.message_id);
  }
  return known.seen.seen;
}

void dispatcher::note_refusal(edelivery::refusal const& why, std::string_view content_type, byte_source const& body) {
  tell_refusal(why);
  refusals_.keep(content_type, body, why);
}

void dispatcher::tell_refusal(edelivery::refusal const& why) const {
  if (on_refusal_) on_refusal_(why);
}

// Two-Way/Push-and-Push (ebMS 3.0 core 2.2.5): the answer names a message of ours, sent to this partner under the
// P-Mode that this one answers, and stays in its conversation.
result<void> dispatcher::check_answered(edelivery::user_message const& header, std::string_view pmode_id) const {
  auto const* const mode = book_.by_id(pmode_id);
  if (mode == nullptr || mode->answers.empty()) return {};
  auto const asked = db_.read([&](store::reading& now) {
    return now.first(
        "SELECT conversation_id FROM exchange_outbox AS o JOIN exchange_ledger AS l ON l.seq = o.seq "
        "WHERE o.message_id = ? AND o.pmode_id = ? AND o.party_id = ?",
        header.ref_to_message_id, mode->answers, header.from.id);
  });
  if (asked && asked->text(0) == header.conversation_id) return {};
  return problem{"edelivery.value.answer",
                 asked ? "The answer is not in the conversation of the message it answers."
                       : "The message answers none that was sent under the P-Mode '" + mode->answers + "'.",
                 asked ? "UserMessage/CollaborationInfo/ConversationId" : "UserMessage/MessageInfo/RefToMessageId",
                 "Answer with the MessageId and the ConversationId of the request."};
}

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

// No verdict and no answer: what the message means is the back end's affair.
void dispatcher::hand_to_back_end(store::transaction& tx, taken_in& got) const {
  auto const& message = got.message;
  for (auto const& part : got.parts) store::payload_store::put(tx, part);
  auto const raw = put(tx, got.raw);
  auto kept = *got.kept;
  kept.seq = add_to_ledger(
      tx, {true, message.message_id, message.original_message_id, message.conversation_id, message.service,
           message.action, message.nation_id, message.access_point_id, "", message.received_at, true, "", "", raw,
           got.raw_type, got.raw ? got.raw->sha256_hex : std::string(), got.content_sha256, got.inbox.duplicate_key});
  keep_message(tx, kept);
  note_event(tx, kept.seq, message.message_id, event_kind::arrived, message.received_at);
  audit::append(tx, message.received_at,
                {"partner:" + message.nation_id,
                 "message.received",
                 message.message_id,
                 "for " + kept.back_end,
                 {{"action", message.action}, {"sha256", got.content_sha256}}});
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

result<void> dispatcher::accept_once(store::transaction& tx, taken_in& got) const {
  using verdict = edelivery::remembered::verdict;
  got.known = enter(tx, got.inbox, got.message.received_at);
  auto const& seen = got.known.seen;
  if (!got.known.is_damaged && seen.seen == verdict::is_new) return deliver(tx, got);
  audit::append(tx, got.message.received_at,
                {"partner:" + got.message.nation_id, "message.repeat", got.message.message_id,
                 got.known.is_damaged              ? "not answered: the stored receipt is damaged"
                 : seen.seen == verdict::different ? "refused: other content"
                 : seen.stored_receipt.empty()     ? "known"
                                                   : "receipt repeated"});
  return {};
}

result<void> dispatcher::deliver(store::transaction& tx, taken_in& got) const {
  auto const& message = got.message;
  if (got.kept) {
    hand_to_back_end(tx, got);
    return {};
  }
  auto const found_route = routes_.find(message.service);
  verdict found{got.of_envelope, {}};
  // Who it is from decides whose things it may touch: from nobody it touches nothing.
  if (message.nation_id.empty())
    found.found.push_back({"exchange.partner.unlisted", "This node does not know which nation the access point is.",
                           message.access_point_id, "Its operator lists the access point in the partners file."});
  if (found_route == routes_.end())
    found.found.push_back({"exchange.service.unserved", "This node does nothing with messages of this service.",
                           message.service, "Leave it out of the P-Modes."});
  if (found.found.empty()) {
    auto judged = found_route->second.take(tx, message);
    if (!judged) return std::move(judged).error();
    found = *std::move(judged);
  }
  if (found.subject.empty()) found.subject = subject_of(message.content);
  ledger_row entry{true,
                   message.message_id,
                   message.original_message_id,
                   message.conversation_id,
                   message.service,
                   message.action,
                   message.nation_id,
                   message.access_point_id,
                   found.subject,
                   message.received_at,
                   found.found.empty(),
                   put(tx, got.envelope),
                   put(tx, got.attachments),
                   put(tx, got.raw),
                   got.raw_type,
                   got.raw ? got.raw->sha256_hex : std::string(),
                   got.content_sha256,
                   got.inbox.duplicate_key};
  add_to_ledger(tx, entry);
  audit::append(tx, message.received_at,
                {"partner:" + message.nation_id,
                 "message.received",
                 message.message_id,
                 found.found.empty() ? "valid" : "not valid",
                 {{"action", message.action}, {"subject", found.subject}, {"sha256", entry.raw_sha256}}});
  bool const wants_answer =
      found_route != routes_.end() ? found_route->second.how == answering::validation_result : true;
  if (wants_answer && message.action != validation_result) answer(tx, message, found.found);
  return {};
}

void dispatcher::answer(store::transaction& tx, business_message const& message, problems const& found) const {
  auto const posted = post(tx, {.to_nation = message.nation_id,
                                .action = std::string(validation_result),
                                .content = write_validation(found),
                                .original_message_id = message.message_id,
                                .conversation_id = message.conversation_id,
                                .service = message.service});
  if (posted) return;
  // The agreement has no such answer: the receipt has to do. The audit log says so.
  audit::append(tx, message.received_at,
                {"node:" + settings_.our_nation, "message.answer", message.message_id, posted.error().code});
}

}  // namespace ehds::node::exchange
