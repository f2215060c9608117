#pragma once
// The particulars of events as JSON: in the event table, in commands over HTTP, and in parts inside messages.
// Empty members are left out.
#include <nlohmann/json_fwd.hpp>

#include <vector>

#include "node/access/cases/case_event.hpp"

namespace ehds::node::access {

nlohmann::ordered_json write_particulars(case_particulars const& what);
// A member that is there but cannot be read, or that nobody knows, is access.case.particulars with its place.
result<case_particulars> read_particulars(nlohmann::ordered_json const& node);

nlohmann::ordered_json write_terms(permit_terms const& terms);
permit_terms read_terms(nlohmann::ordered_json const& node);

nlohmann::ordered_json write_grounds(std::vector<decision_ground> const& grounds);
std::vector<decision_ground> read_grounds(nlohmann::ordered_json const& nodes);

nlohmann::ordered_json write_questions(std::vector<field_question> const& questions);
std::vector<field_question> read_questions(nlohmann::ordered_json const& nodes);

}  // namespace ehds::node::access
