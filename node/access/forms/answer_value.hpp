#pragma once
// One answer against one field. Tolerant of the shapes that are seen on the wire: a choice as its key or
// as {"key","value"}, one file or several, a tick as true or as "a".
#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "base/problem.hpp"
#include "node/access/forms/form_release.hpp"

namespace ehds::node::access {

bool is_answered(form_field const& field, nlohmann::ordered_json const& value);

// The keys a condition can ask for: of a choice, of several, "a" for a tick; {""} when not answered.
std::vector<std::string> keys_of(form_field const& field, nlohmann::ordered_json const& value);

// Type, length, choices, and the columns of a list. `where` is the JSON pointer of the value.
void check_value(form_field const& field, nlohmann::ordered_json const& value, std::string const& where,
                 problems& found);

}  // namespace ehds::node::access
