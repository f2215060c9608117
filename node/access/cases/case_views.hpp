#pragma once
// Plain structs for pages and APIs: what a desk shows.
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "node/access/cases/case_state.hpp"

namespace ehds::node::access {

struct case_filter {
  std::string status;       // code; empty: all
  std::string application;  // id; empty: all
  std::string authority;    // id; empty: all
  std::size_t limit = 200;
};

struct case_line {
  std::string case_id;
  std::string application_id;
  std::string authority;
  std::string type;  // code
  std::string title;
  std::string status;  // code
  std::string sub_state;
  instant since;
  std::optional<date> due;
  std::string next_actor;
  std::string permit_id;
  std::string permit_status;  // code
};

struct timeline_line {
  instant at;
  std::string who;   // display name, "the applicant", "the clock"
  std::string what;  // one sentence
  std::string verb;  // case_verb
  std::string message_id;
};

// What another authority decided on the same application, Art. 68(5).
struct foreign_status {
  std::string country;
  std::string authority;
  std::string status;
  instant at;
  std::string summary;
  std::int64_t sequence = 0;  // of that authority's events, as the centre heard it; a lower one changes nothing
};

struct case_page {
  case_line line;
  case_state state;
  std::vector<timeline_line> timeline;
  std::vector<clock_reading> clocks;
  std::vector<foreign_status> elsewhere;
  std::vector<std::string> possible;  // verbs that the transition table allows now, to somebody
  problems findings;                  // of the newest copy against its form: what the screening finds, all in one list
};

// A copy of an application as it was received or amended.
struct application_version {
  int version = 1;
  std::string date_submitted;  // RFC 3339, as the application says; the day of receipt when it says none
};

// One sentence an event, without personal data of the applicant.
std::string sentence_of(case_event const& event);

}  // namespace ehds::node::access
