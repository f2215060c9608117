#pragma once
// Does one value look like what its type promises? An empty detail means yes.
#include "policies/screening/form.hpp"

namespace ehds::policies {

struct type_finding {
  std::string code;  // "not_an_email"
  std::string detail;
  std::string mend;
};

std::optional<type_finding> against_type(std::string const& value, field_rule const& rule);

bool is_iban(std::string_view text);  // ISO 13616: length, characters, remainder 1 modulo 97; blanks are passed over

}  // namespace ehds::policies
