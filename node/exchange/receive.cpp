// The way in: bytes from the AS4 endpoint to the consumer, once, in one effect.
#include <algorithm>

#include "base/bytes.hpp"
#include "node/exchange/incoming_payloads.hpp"
#include "node/exchange/taken_in.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {
namespace {

// Of a message that its partner signed.
edelivery::refusal refused_with(char const* code, problem why, edelivery::incoming_message const& message) {
  auto const& header = message.header;
  return {code,           std::move(why), header.message_id, message.pmode_id, {},
          header.from.id, true,           header.service,    header.action};
}

edelivery::refusal other_content(edelivery::incoming_message const& message) {
  return refused_with(
      "EBMS:0003",
      {"edelivery.duplicate.different", "Another message with this id was taken before; that one stays as it was.",
       "UserMessage/MessageInfo/MessageId", "Ask the partner which of the two is meant; an id is used once."},
      message);
}

}  // namespace

edelivery::reply dispatcher::receive(std::string_view content_type, std::string_view body, std::string_view from) {
  memory_source const source(body);
  arrived const what{content_type, source, from};
  if (auto done = take_in(what, [&](incoming_payloads& into) { return into.prepare(body); })) return *std::move(done);
  return on_signal_ ? on_signal_(content_type, body, from) : refuse_signal(what);
}

edelivery::reply dispatcher::receive(std::string_view content_type, std::unique_ptr<store::growing_payload> body,
                                     std::string_view from) {
  arrived const what{content_type, *body, from};  // lives in the payloads when it has been prepared
  auto done = take_in(what, [&](incoming_payloads& into) { return into.prepare(std::move(body)); });
  return done ? *std::move(done) : refuse_signal(what);  // no signal is so large
}

std::optional<edelivery::reply> dispatcher::receive_message(std::string_view content_type, std::string_view body) {
  memory_source const source(body);
  return take_in({content_type, source}, [&](incoming_payloads& into) { return into.prepare(body); });
}

std::optional<edelivery::reply> dispatcher::receive_message(std::string_view content_type,
                                                            std::unique_ptr<store::growing_payload> body) {
  auto const& source = *body;
  return take_in({content_type, source}, [&](incoming_payloads& into) { return into.prepare(std::move(body)); });
}

// Empty: it is a signal.
std::optional<edelivery::reply> dispatcher::take_in(
    arrived const& what, std::function<result<store::prepared_payload>(incoming_payloads&)> const& prepare_raw) {
  incoming_payloads payloads(db_.payloads());
  auto const arrival = receiver_.judge(what.content_type, what.body, &payloads);
  if (arrival.refused && arrival.refused->diagnosis.code == "edelivery.feature.kind") return std::nullopt;
  if (arrival.refused) return refuse(*arrival.refused, what);
  if (!arrival.message) return arrival.answer;
  if (auto const fits = check_answered(arrival.message->header, arrival.message->pmode_id); !fits)
    return refuse(refused_with("EBMS:0003", fits.error(), *arrival.message), what);
  store::fail_point("exchange.examined");
  auto got = read(arrival.message->header, arrival.message->parts, arrival.message->pmode_id, payloads);
  if (!got) return receiver_.not_stored(arrival);
  got->message.signer = arrival.message->signer;
  got->raw_type = what.content_type;
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
  if (!stored && stored.error().code == unserved)
    return refuse(refused_with("EBMS:0202", stored.error(), *arrival.message), what);
  if (!stored) return receiver_.not_stored(arrival);
  store::fail_point("exchange.stored");
  if (got->known.is_damaged) {
    ++damaged_receipts_;
    note_refusal(refused_with("EBMS:0202", damaged_inbox_row(got->message.message_id), *arrival.message), what);
    return receiver_.not_stored(arrival);
  }
  if (seen.seen == edelivery::remembered::verdict::different) note_refusal(other_content(*arrival.message), what);
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

}  // namespace ehds::node::exchange
