#pragma once
// Plain structs for pages and APIs: what an applicant sees.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {

struct draft_line {
  std::string draft_id;
  std::string type;  // code
  std::string title;
  instant updated;
};

struct draft_page {
  draft_line line;
  std::string release;
  std::int64_t version = 0;
  std::string form_json;  // {"section2":{...},"section6":[...]}
  std::vector<dataset_reference> datasets;
  std::vector<attachment> files;
};

// One cell of the status vector: an authority of a country.
struct authority_status {
  std::string country;
  std::string authority;
  std::string status;  // code; "DISPATCHED" until the authority acknowledged
  instant since;
  std::optional<date> due;
  std::string next_actor;  // "the authority", "you", "nobody"
  std::string decision;    // Positive, Negative, empty
  std::vector<decision_ground> grounds;
  std::vector<field_question> questions;  // open ones
  std::string permit_id;
  std::string permit_status;
};

struct application_event_line {
  instant at;
  std::string country;
  std::string what;  // one sentence
  std::string message_id;
};

struct application_line {
  std::string application_id;
  std::string type;
  std::string title;
  instant submitted;
  std::string counts;  // "2 of 2 decided: 1 granted, 1 refused"
};

struct application_page {
  application_line line;
  std::string owner;
  std::vector<authority_status> vector;
  std::vector<application_event_line> events;
  std::string metadata_json;
};

// "2 of 4 decided: 1 granted, 1 refused; 1 waits for you". Derived each time, never stored.
std::string counts_of(std::vector<authority_status> const& vector);

}  // namespace ehds::node::access
