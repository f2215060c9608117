// Sending where a Domibus is the access point: a message is handed over once, by its own id, and followed until Domibus
// says how it ended.
#include <algorithm>
#include <variant>

#include "edelivery/message/pack.hpp"
#include "edelivery/sender/handed_over.hpp"
#include "node/exchange/compose.hpp"
#include "node/exchange/due_message.hpp"
#include "node/exchange/handed_over_rows.hpp"
#include "node/exchange/plugin_line.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace plugin = edelivery::backend;
using edelivery::outbound;

// One turn with Domibus about one message.
struct sender_worker::handing {
  edelivery::pmode const& mode;
  outbound begun;
  std::optional<edelivery::handed_over> memory;  // once it was taken
  bool answered = false;                         // Domibus did, whatever it said
  instant begun_at;
};

namespace {

std::vector<std::unique_ptr<byte_source>> sources_of(edelivery::outgoing_message message) {
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto& payload : message.payloads) {
    if (payload.source == nullptr)
      sources.push_back(std::make_unique<held_source>(std::move(payload.bytes)));
    else
      sources.push_back(std::make_unique<source_range>(*payload.source, 0, payload.source->size()));
  }
  return sources;
}

// How long a question may take, so that all of one turn fit into the lease.
struct patience {
  std::chrono::milliseconds for_message;
  std::chrono::milliseconds for_question;
};
patience share(std::chrono::milliseconds call_timeout, edelivery::pmode const& mode) {
  std::chrono::milliseconds const lease = mode.retry.answer_timeout;
  return {std::min(call_timeout, lease / 2), std::min(call_timeout / 3, lease / 6)};
}

std::string fault_in_words(plugin::plugin_fault const& fault) {
  return "it answered " + (fault.code.empty() ? "a fault" : fault.code) + ": " + fault.message;
}

// The status, or why there is none.
result<plugin::message_status> status_in(result<plugin::plugin_answer> const& said) {
  if (!said) return said.error();
  if (auto const* const status = std::get_if<plugin::status_answer>(&*said)) return status->status;
  auto const* const fault = std::get_if<plugin::plugin_fault>(&*said);
  return problem{"exchange.plugin.answer", fault != nullptr ? fault_in_words(*fault) : "it answered another question",
                 "", ""};
}

}  // namespace

void sender_worker::look_at(std::vector<std::string> const& message_ids, instant now) {
  for (auto const& id : message_ids) {
    auto const row = dispatcher_.database().read([&](store::reading& state) -> std::optional<outbox_row> {
      auto found = find_in_outbox(state, id);
      bool const waits = found && found->sending.status == edelivery::outbound_status::waiting &&
                         found->sending.due > now && find_handed_over(state, found->seq);
      return waits ? found : std::nullopt;
    });
    if (!row) continue;
    auto sooner = row->sending;
    sooner.due = now;
    static_cast<void>(dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
      change_outbox(tx, row->sending, sooner, now);
      return {};
    }));
  }
}

sender_worker::tried sender_worker::hand_over(due_message& message, edelivery::pmode const& mode, instant now) {
  auto const& before = message.row.sending;
  handing deal{mode, before, {}, false, now};
  deal.memory =
      dispatcher_.database().read([&](store::reading& state) { return find_handed_over(state, message.row.seq); });
  if (!deal.memory && !message.trouble.code.empty()) return not_ready(message, message.trouble, mode, now);
  deal.begun = deal.memory ? edelivery::begin_question(before, mode, now) : edelivery::begin_attempt(before, mode, now);
  deal.begun.due += time_for(message);
  if (auto const what = claim(message, deal.begun, std::nullopt, now); what != tried::sent) return what;
  store::fail_point("exchange.attempt_begun");
  auto const after = deal.memory ? ask(message, deal) : offer(message, deal);
  slots_.note_call(message.row.party_id, deal.answered, dispatcher_.time().now());
  store::fail_point("exchange.answered");
  return record_handing(message, deal, after);
}

// Hands it over. Who tries again asks first: the answer to the attempt before may have been lost.
outbound sender_worker::offer(due_message& message, handing& deal) {
  auto const& time = dispatcher_.time();
  auto const& begun = deal.begun;
  auto const& mode = deal.mode;
  auto const limit = share(settings_.call_timeout, mode);
  auto const is_there = [&] {
    auto const said = line_->ask(plugin::write_status_question(begun.message_id), limit.for_question);
    auto const status = status_in(said);
    return status && *status != plugin::message_status::not_found;
  };
  auto const taken = [&] {
    deal.memory = edelivery::handed_over{};
    return edelivery::on_taken(begun, mode, time.now(), random01_());
  };
  if (begun.attempts > 1 && is_there()) {
    deal.answered = true;
    return taken();
  }
  auto composed = message.parts
                      ? compose(message.row, message.entry, *message.parts)
                      : compose(message.row, message.entry, std::move(message.envelope), std::move(message.attachments),
                                message.large_attachments.get(), mode, dispatcher_.settings());
  if (composed.action == edelivery::test_action) composed.payloads.clear();
  auto const header = edelivery::describe_message(composed, mode, dispatcher_.us(), time.now());
  if (!header) return given_up(begun, header.error());
  auto const said = line_->submit(
      *header, mode.is_pulled_by_partner() ? plugin::processing_type::pull : plugin::processing_type::push,
      sources_of(std::move(composed)), limit.for_message + time_for(message));
  store::fail_point("exchange.handed_over");
  deal.answered = said.has_value();
  if (!said) return edelivery::on_no_answer(begun, said.error().detail, mode, time.now(), random01_());
  if (auto const* const id = std::get_if<plugin::submitted_answer>(&*said)) {
    if (id->message_id == begun.message_id) return taken();
    return given_up(begun, {"", "Domibus took it under another id, " + id->message_id, "", ""});
  }
  // It refuses an id that it has, too: that is what was wanted.
  if (is_there()) return taken();
  auto const* const fault = std::get_if<plugin::plugin_fault>(&*said);
  return edelivery::on_fault(begun,
                             fault != nullptr ? *fault : plugin::plugin_fault{"", "it answered another question"}, mode,
                             time.now(), random01_());
}

outbound sender_worker::ask(due_message& message, handing& deal) {
  auto const& time = dispatcher_.time();
  auto const& id = message.row.sending.message_id;
  auto const limit = share(settings_.call_timeout, deal.mode);
  auto const said = line_->ask(plugin::write_status_question(id), limit.for_question);
  deal.answered = said.has_value();
  auto const status = status_in(said);
  if (!status)
    return edelivery::on_no_status(deal.begun, *deal.memory, status.error().detail, deal.mode, time.now(), random01_());
  plugin::errors_answer why;
  if (edelivery::is_given_up(*status)) {
    auto const errors = line_->ask(plugin::write_errors_question(id), limit.for_question);
    if (auto const* const known = errors ? std::get_if<plugin::errors_answer>(&*errors) : nullptr) why = *known;
  }
  return edelivery::on_status(deal.begun, *deal.memory, *status, why, deal.mode, time.now(), random01_());
}

// Row and memory change together. What failed, and the end, are attempts of the ledger; questions are not.
sender_worker::tried sender_worker::record_handing(due_message const& message, handing const& deal,
                                                   outbound const& after) {
  auto const now = dispatcher_.time().now();
  bool const delivered = after.status == edelivery::outbound_status::delivered;
  bool const is_over = delivered || after.status == edelivery::outbound_status::failed;
  bool const is_answered = deal.answered;  // what the Domibus says in words is a partner's, too
  std::optional<sending_news> news;
  auto const done = dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
    if (!change_outbox(tx, deal.begun, after, now)) return {};
    if (deal.memory) keep_handed_over(tx, message.row.seq, *deal.memory);
    if (is_over || !deal.memory) note_attempt(tx, message.row.seq, after, deal.begun_at);
    if (is_over)
      dispatcher_.settle(tx, {after.message_id, message.entry.nation_id, message.entry.action, message.row.subject,
                              delivered, after.code, after.reason});
    news = news_of(message.row.told, after, message.row.party_id, is_answered ? std::optional(0) : std::nullopt);
    // What it was in trouble for is over: the same once more is news.
    if (news || (deal.memory && after.code.empty() && !message.row.told.empty()))
      keep_told(tx, after.message_id, news ? news->mark : "taken");
    return {};
  });
  store::fail_point("exchange.recorded");
  if (done && news && tell_) tell_(*news);
  return done ? tried::sent : tried::stopped;
}

}  // namespace ehds::node::exchange
