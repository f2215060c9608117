// Which room takes which message. Runs inside the effect that stores the message.
#include "node/exchange/ledger.hpp"
#include "node/house/parts.hpp"

namespace ehds::node::house {
namespace {

using exchange::business_message;
using exchange::verdict;

access::incoming_business_message for_access(business_message const& m) {
  return {m.message_id, m.action, m.nation_id, m.original_message_id, m.content, m.attachments, m.received_at};
}

bool is_dataset(std::string_view action) {
  return action == "createDataset" || action == "updateDataset" || action == "deleteDataset";
}

verdict unknown_action(business_message const& m) {
  return {{{"exchange.action.unknown", "this node takes no message of that kind", m.action,
            "see the message list of the release"}},
          {}};
}

result<verdict> judged(result<problems> const& found) {
  if (!found) return found.error();
  return verdict{*found, {}};
}

result<verdict> take_validation(house::parts& p, store::transaction& tx, business_message const& m) {
  auto const said = exchange::read_validation(m.content);
  if (!said) return verdict{{said.error()}, {}};
  p.records->receive_verdict(tx, m.original_message_id, said->valid, said->found);
  return verdict{};
}

// A country found an application not valid: the applicant must see it, else the status stays "dispatched" for ever.
result<verdict> take_validation_at_centre(house::parts& p, store::transaction& tx, business_message const& m) {
  auto const said = exchange::read_validation(m.content);
  if (!said) return verdict{{said.error()}, {}};
  if (said->valid) return verdict{};
  for (auto const& ours : exchange::find_message(tx, m.original_message_id)) {
    if (ours.direction != "out" || ours.nation_id != m.nation_id) continue;
    if (auto noted = p.centre->note_refusal(tx, ours.subject, m.nation_id, m.message_id, said->found); !noted)
      return noted.error();
  }
  return verdict{};
}

result<verdict> take_at_centre(house::parts& p, store::transaction& tx, business_message const& m) {
  if (m.action == exchange::validation_result) return take_validation_at_centre(p, tx, m);
  if (is_dataset(m.action))
    return verdict{p.records->receive(tx, {m.action, m.nation_id, m.access_point_id, m.message_id, m.content}), {}};
  if (access::application_centre::takes(m.action)) return judged(p.centre->receive(tx, for_access(m)));
  return unknown_action(m);
}

result<verdict> take_at_nation(house::parts& p, store::transaction& tx, business_message const& m) {
  if (m.action == exchange::validation_result) return take_validation(p, tx, m);
  if (access::case_desk::takes(m.action)) return judged(p.desk->receive(tx, for_access(m)));
  return unknown_action(m);
}

// What is wrong with the message is a verdict; what is wrong with us makes the sender try again.
result<verdict> as_verdict(result<void> const& done) {
  if (done) return verdict{};
  auto const& code = done.error().code;
  bool const is_theirs = code.starts_with("federation.") || code.starts_with("query.") || code.starts_with("released");
  if (is_theirs) return verdict{{done.error()}, {}};
  return done.error();
}

// A partner could not read our query: that part of the question will not be answered.
result<verdict> take_partner_validation(house::parts& p, store::transaction& tx, business_message const& m) {
  auto const said = exchange::read_validation(m.content);
  if (!said) return verdict{{said.error()}, {}};
  for (auto const& ours : exchange::find_message(tx, m.original_message_id))
    if (!said->valid && ours.direction == "out" && ours.nation_id == m.nation_id && ours.action == "submitQuery")
      p.questions->refuse_own(tx, ours.subject);
  return verdict{};
}

result<verdict> take_from_partner(house::parts& p, store::transaction& tx, business_message const& m) {
  if (m.action == exchange::validation_result) return take_partner_validation(p, tx, m);
  if (m.action == "submitQuery") return as_verdict(p.jobs->take_query(tx, m.nation_id, m.content));
  if (m.action == "queryStatus") return as_verdict(p.questions->take_status(tx, m.nation_id, m.content));
  if (m.action == "releasedTable") return as_verdict(p.questions->take_table(tx, m.nation_id, m.content));
  if (m.action == "queryRefused") return as_verdict(p.questions->take_refusal(tx, m.nation_id, m.content));
  return unknown_action(m);
}

// A message that was given up is a dead letter for operators; those whose business it was must see it too.
void note_end_at_nation(house::parts& p, store::transaction& tx, exchange::outcome const& end) {
  if (is_dataset(end.action)) p.records->note_delivery(tx, end.message_id, end.delivered, end.reason);
}

void note_end_at_centre(house::parts& p, store::transaction& tx, exchange::outcome const& end) {
  if (end.delivered || end.subject.empty()) return;
  auto const noted = p.centre->note_undelivered(tx, end.subject, end.to_nation, end.message_id, end.reason);
  if (!noted) p.log.write(telemetry::level::warning, "message.failed", noted.error());
}

}  // namespace

void wire_messages(house::parts& p) {
  if (p.is_central()) {
    p.messages->on_message(exchange::star_service, [&p](auto& tx, auto const& m) { return take_at_centre(p, tx, m); });
    p.messages->on_outcome([&p](auto& tx, auto const& end) { note_end_at_centre(p, tx, end); });
    return;
  }
  p.messages->on_message(exchange::star_service, [&p](auto& tx, auto const& m) { return take_at_nation(p, tx, m); });
  p.messages->on_outcome([&p](auto& tx, auto const& end) { note_end_at_nation(p, tx, end); });
  p.messages->on_message(exchange::partners_service,
                         [&p](auto& tx, auto const& m) { return take_from_partner(p, tx, m); });
}

}  // namespace ehds::node::house
