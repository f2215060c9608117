#pragma once
// Does one value look like what its field asks for?
#include "policies/screening/form.hpp"

namespace ehds::policies {

// Blanks alone are no answer; a row of a list is one even when empty.
bool is_filled(field_rule const& rule, entry const& value);

// Codes: screening.form.type, screening.form.choice. The value is filled.
std::optional<problem> against_type(field_rule const& rule, entry const& value);

// Words between blanks, as a word processor counts them.
std::size_t words_in(std::string_view text);
bool is_country_code(std::string_view text);  // "FR": the form of ISO 3166-1 alpha-2, not whether it is assigned

}  // namespace ehds::policies
