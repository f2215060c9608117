#include "node/exchange/dispatcher.hpp"

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/handed_over_rows.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/tables.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

dispatcher::dispatcher(store::database& db, edelivery::pmode_book const& book, edelivery::access_point const& us,
                       clock const& time, exchange_settings settings)
    : db_(db),
      book_(book),
      us_(us),
      clock_(time),
      settings_(std::move(settings)),
      receiver_(book, us, time),
      refusals_(db, book, us, time),
      unproven_(settings_.unproven) {
  // This process alone serves the store: an attempt that is still in flight died with the process before it.
  // Due since it was so at the first of several starts: else each would put it behind all that waits.
  static_cast<void>(db_.commit([now = clock_.now()](store::transaction& tx) -> result<void> {
    tx.run("UPDATE exchange_outbox SET due = min(due, ?) WHERE status = 'in_flight'", now);
    return {};
  }));
}

void dispatcher::on_message(std::string_view service, consumer take, answering how, attachments_as attachments) {
  routes_.insert_or_assign(std::string(service), route{std::move(take), how, attachments});
}

void dispatcher::on_document(std::string_view service, consumer take) {
  routes_.insert_or_assign(std::string(service), route{std::move(take), answering::none, attachments_as::text, true});
}

void dispatcher::on_outcome(outcome_listener listen) { on_outcome_ = std::move(listen); }

void dispatcher::on_signal(signal_listener answer) { on_signal_ = std::move(answer); }

void dispatcher::on_refusal(std::function<void(edelivery::refusal const&)> listen) { on_refusal_ = std::move(listen); }

std::string dispatcher::nation_of(std::string_view party_id) const {
  for (auto const& one : settings_.partners)
    if (one.party_id == party_id) return one.nation_id;
  return {};
}

bool dispatcher::waits_here(edelivery::pmode const& mode) const {
  return mode.is_pulled_by_partner() && !settings_.hands_over;
}

void dispatcher::settle(store::transaction& tx, outcome const& end) const {
  audit::append(tx, clock_.now(),
                {"node:" + settings_.our_nation,
                 "message.sent",
                 end.message_id,
                 end.delivered ? "delivered" : "failed",
                 {{"to", end.to_nation}, {"action", end.action}, {"subject", end.subject}, {"code", end.code}}});
  if (auto const row = find_in_outbox(tx, end.message_id))
    note_event(tx, row->seq, end.message_id, end.delivered ? event_kind::delivered : event_kind::failed, clock_.now());
  if (on_outcome_) on_outcome_(tx, end);
}

result<std::string> dispatcher::post(store::transaction& tx, outgoing_business_message const& message) const {
  std::string party;
  for (auto const& one : settings_.partners)
    if (one.nation_id == message.to_nation) party = one.party_id;
  if (party.empty())
    return problem{"exchange.partner.unknown", "No partner stands for the nation '" + message.to_nation + "'.", "",
                   "Add it to the partners of this node."};
  auto const mode = book_.for_sending(party, message.service, message.action);
  if (!mode) return mode.error();
  if (!(*mode)->answers.empty() && message.original_message_id.empty())
    return problem{"exchange.answer.unrelated",
                   "Messages under the P-Mode '" + (*mode)->id + "' answer another message; this one answers none.",
                   (*mode)->id, "Name the message it answers."};
  auto const now = clock_.now();
  auto const id = edelivery::new_message_id(us_);
  auto json = write_envelope({settings_.release, message.action, id, message.original_message_id, settings_.our_nation,
                              settings_.our_party, message.content});
  if (!json) return json;
  auto const keep = [&](std::string const& bytes) -> result<std::string> {
    if (bytes.empty()) return std::string();
    auto ready = db_.payloads().prepare(bytes);
    if (!ready) return std::move(ready).error();
    store::payload_store::put(tx, *ready);
    return ready->id;
  };
  auto const envelope = keep(*json);
  if (!envelope) return envelope.error();
  auto attachments = keep(message.attachments);
  if (!attachments) return attachments.error();
  if (!message.attachments_payload.empty()) attachments = message.attachments_payload;
  auto const conversation = message.conversation_id.empty() ? random_uuid() : message.conversation_id;
  auto const seq = add_to_ledger(
      tx, {false, id, message.original_message_id, conversation, message.service, message.action, message.to_nation,
           party, message.subject, now, std::nullopt, *envelope, *attachments, "", "", "", sha256_hex(*json)});
  add_to_outbox(tx, {seq, party, message.subject, edelivery::enqueue(id, **mode, now), waits_here(**mode)});
  return id;
}

result<void> dispatcher::requeue(store::transaction& tx, std::string_view message_id) const {
  auto const found = find_in_outbox(tx, message_id);
  if (!found)
    return problem{"exchange.outbox.unknown", "No message with this id was sent.", "/message",
                   "GET /api/ledger?direction=out lists what was sent."};
  if (found->sending.status == edelivery::outbound_status::delivered)
    return problem{"exchange.outbox.delivered",
                   "The status of the message is delivered: its partner has it, and said so.", "/message",
                   "Hand over another one if it is to be said again."};
  auto const now = clock_.now();
  auto const again = edelivery::requeue(found->sending, now);
  change_outbox(tx, found->sending, again, now);
  forget_signature(tx, found->seq);
  forget_handed_over(tx, found->seq);
  return {};
}

}  // namespace ehds::node::exchange
