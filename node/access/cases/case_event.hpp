#pragma once
// What happens to a case. A command asks for it; the event says that it happened; both carry the same
// particulars. The list of events is the truth from which everything else is folded.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/access/forms/form_release.hpp"

namespace ehds::node::access {

using ehds::to_text;  // of dates: the overloads below would hide it

enum class case_verb {
  receive,
  publish,
  start_pre_screening,
  ask_information,
  receive_information,
  mark_complete,
  set_track,
  extend,
  propose_decision,
  decide,
  accept,
  reject,
  appeal,
  approve_appeal,
  reject_appeal,
  reopen,
  withdraw,
  lapse,
  issue_permit,
  record_answer,
  request_amendment,
  amend,
  refuse_amendment,
  request_renewal,
  renew,
  refuse_renewal,
  revoke,
  appeal_revocation,
  approve_revocation_appeal,
  reject_revocation_appeal,
  expire,
};
std::string_view to_text(case_verb verb);  // "ask_information"
std::optional<case_verb> case_verb_of(std::string_view text);

// Who acts. Roles are words: screener, assessor, decider, data_preparer, applicant, partner, clock.
struct case_actor {
  std::string id;
  std::string name;       // personal data: for decisions and pages, never for logs
  std::string job_title;  // stands on the decision
  std::vector<std::string> roles;

  bool has(std::string_view role) const;
};
case_actor the_clock();
case_actor partner(std::string_view nation);  // the centre speaking for the applicant

struct field_question {
  std::string section;  // "section6"
  std::string field;    // "inclusionCriteria"
  std::string comment;
  std::string country;  // in section 6
  bool operator==(field_question const&) const = default;
};

struct decision_ground {
  std::string criterion;  // "68(1)(b)", "68(2)(a)", "69(3)"
  std::string text;
  bool operator==(decision_ground const&) const = default;
};

enum class decision_outcome { granted, partial, refused };
std::string_view to_text(decision_outcome outcome);
std::optional<decision_outcome> decision_outcome_of(std::string_view text);

// One question of one dataset, approved by its hash (Art. 69).
struct approved_hash {
  std::string dataset;
  std::string query_hash;  // "sha256:<hex>"
  bool operator==(approved_hash const&) const = default;
};

// What a permit or approval says, Art. 68(10).
struct permit_terms {
  std::vector<std::string> datasets;    // (a)
  std::string data_format;              // (a) "anonymised", "pseudonymised", "statistics"
  std::string purpose;                  // (b)
  std::string opt_out_exception;        // (c) empty: not applied
  std::vector<std::string> persons;     // (d) account ids, or "access_point:<id>"
  std::string principal_investigator;   // (d)
  std::string valid_from;               // (e) YYYY-MM-DD
  std::string valid_to;                 // (e) included
  std::string environment;              // (f)
  std::string fees;                     // (g)
  std::vector<std::string> conditions;  // (h)
  std::string opt_out_snapshot;         // objections up to this day are left out, Art. 71(3)
  std::string protocol;                 // Art. 69: id of the query's protocol
  std::vector<approved_hash> queries;   // Art. 69
  std::string disclosure_policy;        // Art. 69: id in the country's pack
  bool operator==(permit_terms const&) const = default;
};

// Each verb uses the members it needs; cases/transitions says which must not be empty.
struct case_particulars {
  std::string text;                         // the reason or remark in words
  std::vector<field_question> questions;    // ask_information
  std::string answers_json;                 // receive_information: the sections that changed
  std::string track;                        // set_track: standard, accelerated, trusted_holder
  std::string due;                          // extend: the new due date, when the asker names it
  std::optional<decision_outcome> outcome;  // propose_decision, decide
  std::vector<decision_ground> grounds;     // propose_decision, decide, revoke
  std::optional<permit_terms> terms;        // propose_decision; who decides, amends or renews takes them
  std::string answer_id;                    // record_answer
  // Set by the desk when the event is made:
  std::string application_id;
  std::string authority;
  std::string country;
  std::string application_type;
  std::string title;
  std::string form_release;
  std::string message_id;     // the message that caused the event
  std::string permit_id;      // "FR-2026-0001/1"
  std::string status;         // code of the case after the event: no later table can change the past
  std::string permit_status;  // code of the permit after the event, when it changed
  bool operator==(case_particulars const&) const = default;
};

struct case_event {
  std::string case_id;
  std::int64_t seq = 0;  // 1, 2, 3 in each case
  case_verb verb = case_verb::receive;
  instant at;
  case_actor by;
  std::string command_id;
  case_particulars what;
};

std::string to_json(case_particulars const& what);
result<case_particulars> read_case_particulars(
    std::string_view json);  // problems: access.json.*, access.case.particulars
std::string to_json(case_actor const& actor);
result<case_actor> read_case_actor(std::string_view json);

}  // namespace ehds::node::access
