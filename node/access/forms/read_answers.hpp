#pragma once
// Answers as they travel, read into the values that policies/screening judges. Tolerant of the shapes that are seen on
// the wire: a choice as its key or as {"key","value"}, one file or several, a tick as true or as "a". What has none of
// the shapes of its field's type is marked odd; nothing is judged here.
#include <nlohmann/json_fwd.hpp>

#include "node/access/forms/form_release.hpp"

namespace ehds::node::access {

// Places are JSON pointers below /form. `answers` is an object: {"section1":{...},...}.
policies::filled_form read_answers(form_definition const& form, nlohmann::ordered_json const& answers);

}  // namespace ehds::node::access
