#pragma once
// A form release (data) as the rules that policies/screening applies: words of one language, conditions split into
// section and field, the limits of attachments beside them.
#include "node/access/forms/form_release.hpp"

namespace ehds::node::access {

policies::form_rules rules_of(form_definition const& form);
policies::section_rule rules_of(form_section const& section);

// Screening's findings as this room's: "screening.form.missing" becomes "access.form.missing".
problem as_ours(problem finding);
problems as_ours(problems findings);

}  // namespace ehds::node::access
