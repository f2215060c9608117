#pragma once
// The state of a case, folded from its events. Pure: the tables are written from it, and rebuilding it
// from the stored events must give the same.
#include <optional>
#include <string>
#include <vector>

#include "node/access/cases/case_event.hpp"
#include "node/access/cases/status.hpp"
#include "node/access/clocks/legal_clock.hpp"

namespace ehds::node::access {

struct case_clock {
  std::string rule;  // id of a clock rule
  std::vector<clock_event> events;
};

struct case_decision {
  decision_outcome outcome = decision_outcome::refused;
  std::vector<decision_ground> grounds;
  std::optional<permit_terms> terms;
  std::string by_id;
  std::string by_name;
  std::string by_title;
  instant at;
};

struct case_permit {
  std::string id;  // "FR-2026-0001/2"
  permit_status status = permit_status::granted;
  instant since;
  permit_terms terms;
  int renewals = 0;  // Art. 68(12): one at most
};

struct case_state {
  std::string case_id;
  std::string application_id;
  std::string authority;
  std::string country;
  application_type type = application_type::data_access;
  std::string title;
  std::string form_release;
  std::string track = "standard";
  case_status status = case_status::submitted;
  instant opened;
  instant since;
  case_status came_from = case_status::pre_screening;  // where an answer returns to
  std::string sub_state;                               // "decision proposed", "lapsed: no answer in time"
  std::string next_actor;                              // authority, applicant, holder, nobody
  bool published = false;
  std::vector<field_question> open_questions;
  std::optional<case_decision> proposal;
  std::optional<case_decision> decision;
  std::optional<case_permit> permit;
  std::vector<std::string> answers;  // ids of answers given under a request approval
  std::vector<case_clock> clocks;
  std::int64_t seq = 0;
};

case_state fold(std::vector<case_event> const& events);
void apply(case_state& state, case_event const& event);

// All clocks that were started, with their explanation.
std::vector<clock_reading> read_clocks(case_state const& state, holiday_rules const& holidays, instant now);
// The date that counts now: the running clock that ends first.
std::optional<date> next_due(case_state const& state, holiday_rules const& holidays, instant now);

}  // namespace ehds::node::access
