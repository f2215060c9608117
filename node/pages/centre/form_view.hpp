#pragma once
// A form, as the release defines it, with what was answered so far: to fill in, or to read.
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "node/access/forms/form_release.hpp"
#include "node/pages/markup/value.hpp"

namespace ehds::node::pages {

struct form_words {
  std::string language;
  std::string choose;  // "Please choose"
  std::string yes;
};

// The fields of one section to fill in. `answers`: its JSON object; `prefix` keeps the ids of several countries apart.
value editable_fields(std::vector<access::form_field> const& fields, std::string_view answers_json,
                      std::string const& prefix, form_words const& words);
// Only the fields that were answered: {"label", "text"}.
value read_fields(std::vector<access::form_field> const& fields, std::string_view answers_json,
                  form_words const& words);
// The whole document, section by section, to read.
value read_form(access::form_definition const& form, std::string_view form_json, form_words const& words);

// One object of section 6 by its country; "{}" when there is none. Other sections: the section itself.
std::string section_answers(std::string_view form_json, access::form_section const& section, std::string_view country);

}  // namespace ehds::node::pages
