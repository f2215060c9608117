#pragma once
// What may be done with a case now, a form for each deed; and what was posted by one, as the particulars of a command.
#include <optional>
#include <string>

#include "node/access/cases/case_event.hpp"
#include "node/access/cases/case_views.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/http/forms.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

// Deeds of officers only: what the applicant and the clock do has no form here.
value command_forms(visit const& who, access::case_page const& page,
                    std::optional<access::application_document> const& application);
access::case_particulars read_command_form(http::form const& form);

}  // namespace ehds::node::pages
