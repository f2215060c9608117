#pragma once
// Does one value look like what its field asks for?
#include "policies/screening/form.hpp"

namespace ehds::policies {

// Blanks alone are no answer; a row of a list is one even when empty.
bool is_filled(field_rule const& rule, entry const& value);

// Codes: screening.form.type, screening.form.choice. The value is filled.
std::optional<problem> against_type(field_rule const& rule, entry const& value);

}  // namespace ehds::policies
