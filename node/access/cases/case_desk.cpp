#include "node/access/cases/case_desk.hpp"

#include "node/access/cases/case_record.hpp"
#include "node/access/cases/case_rules.hpp"
#include "node/access/cases/case_tables.hpp"
#include "node/access/cases/transition_table.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/register/public_register.hpp"

#include "base/bytes.hpp"

namespace ehds::node::access {
namespace {

std::string fingerprint_of(case_command const& command) {
  return sha256_hex(command.case_id + "\n" + std::string{to_text(command.verb)} + "\n" + command.by.id + "\n" +
                    to_json(command.what));
}

case_status status_after(case_state const& state, transition const& t, case_particulars const& what) {
  if (t.refused && what.outcome == decision_outcome::refused) return *t.refused;
  switch (t.goes) {
    case transition::target::named:
      return t.to;
    case transition::target::stay:
      return state.status;
    case transition::target::origin:
      return state.came_from;
  }
  return state.status;
}

command_outcome outcome_of(case_state const& state) {
  return {.case_id = state.case_id,
          .status = std::string{to_code(state.status)},
          .permit_id = state.permit ? state.permit->id : std::string{},
          .seq = state.seq,
          .repeated = false};
}

problem unknown_case() {
  return {"access.case.unknown", "There is no such case.", "/case", "Look it up in the list of cases."};
}

// Transition, rules, event. The desk's own members an outsider may have filled in are overwritten.
result<void> carry_out(case_record& record, transition_table const& table, case_state& state,
                       case_command const& command) {
  auto t = table.allow(state, command.verb, command.by);
  if (!t) return std::move(t).error();
  auto what = filled_in(state, command.verb, command.what);
  if (auto fine = check_rules(state, *t, command.by, what, record.holidays(), record.now()); !fine) return fine;
  what.status = to_code(status_after(state, *t, what));
  what.permit_status.clear();
  what.permit_id.clear();
  if (t->permit_to) what.permit_status = to_code(*t->permit_to);
  return record.add(state, {.case_id = state.case_id,
                            .seq = 0,
                            .verb = command.verb,
                            .at = record.now(),
                            .by = command.by,
                            .command_id = command.id,
                            .what = std::move(what)});
}

}  // namespace

case_desk::case_desk(store::database& db, clock const& time, desk_settings settings, access_ports ports)
    : db_(db), time_(time), settings_(std::move(settings)), ports_(std::move(ports)) {}

std::vector<store::migration> case_desk::migrations() {
  auto all = tables::case_migrations();
  for (auto& more : permit_book::migrations()) all.push_back(more);
  for (auto& more : public_register::migrations()) all.push_back(more);
  return all;
}

result<command_outcome> case_desk::execute(case_command const& command) {
  command_outcome outcome;
  auto committed = db_.commit([&](store::transaction& tx) -> result<void> {
    auto done = execute(tx, command);
    if (!done) return std::move(done).error();
    outcome = std::move(*done);
    return {};
  });
  if (!committed) return std::move(committed).error();
  return outcome;
}

result<command_outcome> case_desk::execute(store::transaction& tx, case_command const& command) {
  auto const events = tables::events_of(tx, command.case_id);
  if (events.empty()) return unknown_case();
  auto state = fold(events);
  tables::done_command const mark{command.case_id, fingerprint_of(command)};
  if (auto const before = tables::command_done(tx, command.id)) {
    if (before->fingerprint != mark.fingerprint)
      return problem{"access.command.reused", "This key was used for another command.", command.case_id,
                     "Use a new key for a new command."};
    auto again = outcome_of(state);
    again.repeated = true;
    return again;
  }
  case_record record{tx, settings_, ports_, time_.now()};
  auto const& table = transition_table::shipped(settings_.specification);
  if (auto done = carry_out(record, table, state, command); !done) return std::move(done).error();
  tables::insert_command(tx, command.id, mark);
  if (command.verb == case_verb::accept && settings_.issue_on_acceptance &&
      state.status == case_status::positive_decision_accepted) {
    case_command const issue{.id = command.id + ":permit",
                             .case_id = command.case_id,
                             .verb = case_verb::issue_permit,
                             .by = the_clock(),
                             .what = {}};
    if (auto done = carry_out(record, table, state, issue); !done) return std::move(done).error();
  }
  return outcome_of(state);
}

result<int> case_desk::tick() {
  auto const today = to_text(date_of(time_.now()));
  auto const late = db_.read([&](store::reading& now) {
    return now.rows(
        "SELECT case_id, 'lapse' FROM access_case WHERE due <> '' AND due < ?1 AND status IN"
        " ('AWAITING_ADDITIONAL_INFORMATION', 'POSITIVE_DECISION_ISSUED', 'NEGATIVE_DECISION_ISSUED')"
        " UNION ALL SELECT case_id, 'expire' FROM access_case WHERE valid_to <> '' AND valid_to < ?1 AND permit_status"
        " NOT IN ('REVOKED', 'REVOKE_APPEALED', 'APPEAL_REJECTED', 'EXPIRED') ORDER BY 1",
        today);
  });
  int done = 0;
  for (auto const& row : late) {
    case_command const command{.id = "clock:" + row.text(0) + ":" + row.text(1) + ":" + today,
                               .case_id = row.text(0),
                               .verb = *case_verb_of(row.text(1)),
                               .by = the_clock(),
                               .what = {}};
    auto outcome = execute(command);
    if (!outcome && outcome.error().code.starts_with("store.")) return std::move(outcome).error();
    if (outcome && !outcome->repeated) ++done;
  }
  return done;
}

}  // namespace ehds::node::access
