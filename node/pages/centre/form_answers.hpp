#pragma once
// What somebody wrote into a page's form, as the JSON answers of the common form.
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/access/forms/form_release.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/http/forms.hpp"

namespace ehds::node::pages {

// Keeps an uploaded file and says under which id.
using keep_file = std::function<result<access::attachment>(http::uploaded_file const&)>;

// Answers as they were kept; an empty object when they are no JSON.
nlohmann::ordered_json parsed_form(std::string_view text);

// The answers to these fields: a JSON object. Fields are named <prefix><key>; of a list <prefix><key>.<row>.<column>.
// Files that were kept before (in `before_json`) stay unless their removal was ticked. Empty answers are left out.
result<std::string> read_answers(std::vector<access::form_field> const& fields, http::form const& form,
                                 std::string const& prefix, std::string_view before_json, keep_file const& keep);

// The array of section 6 with this country's answers put in place.
std::string with_country(std::string_view form_json, std::string_view section, std::string_view country,
                         std::string_view answers_json);

}  // namespace ehds::node::pages
