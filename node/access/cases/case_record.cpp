#include "node/access/cases/case_record.hpp"

#include "node/access/cases/case_messages.hpp"
#include "node/access/cases/case_tables.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/register/public_register.hpp"

namespace ehds::node::access {
namespace {

std::string_view handover_kind(case_verb verb) {
  switch (verb) {
    case case_verb::revoke:
      return "revoke";
    case case_verb::approve_revocation_appeal:
      return "reinstate";
    case case_verb::expire:
      return "expire";
    default:
      return "";
  }
}

bool makes_version(case_verb verb) {
  return verb == case_verb::issue_permit || verb == case_verb::amend || verb == case_verb::renew;
}

}  // namespace

case_record::case_record(store::transaction& tx, desk_settings const& settings, access_ports const& ports, instant now)
    : tx_(tx), settings_(settings), ports_(ports), holidays_(holidays_of(settings.country)), now_(now) {}

result<void> case_record::add(case_state& state, case_event event) {
  event.seq = state.seq + 1;
  event.at = now_;
  if (event.verb == case_verb::issue_permit)
    event.what.permit_id = permit_book::next_id(tx_, settings_.country, now_);
  else if (makes_version(event.verb) && state.permit)
    event.what.permit_id = permit_book::next_version(state.permit->id);
  apply(state, event);
  auto const due = next_due(state, holidays_, now_);
  tables::insert_event(tx_, event);
  tables::write_case(tx_, state, due);
  if (auto done = permit_consequences(state, event); !done) return done;
  register_consequences(state, event);
  for (auto const& message : messages_about(state, event, due, settings_.centre))
    if (auto posted = ports_.post(tx_, message); !posted) return posted;
  return ports_.audit(tx_, {.at = now_,
                            .actor = event.by.id,
                            .action = "access.case." + std::string{to_text(event.verb)},
                            .object = state.case_id,
                            .outcome = std::string{to_code(state.status)}});
}

result<void> case_record::permit_consequences(case_state const& state, case_event const& event) {
  if (event.what.permit_status.empty()) return {};
  if (makes_version(event.verb)) return permit_book::record(tx_, state, ports_, now_);
  return permit_book::change_status(tx_, state, handover_kind(event.verb), ports_, now_);
}

void case_record::register_consequences(case_state const& state, case_event const& event) {
  if (event.verb == case_verb::publish || event.verb == case_verb::receive_information)
    if (auto const copy = tables::newest_copy(tx_, state.application_id); copy && state.published)
      public_register::publish(tx_, state, copy->metadata_json, now_);
  if (state.published) public_register::update(tx_, state, now_);
}

}  // namespace ehds::node::access
