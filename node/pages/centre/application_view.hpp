#pragma once
// An application as the values of the page "application": a line for each authority, never one status for all.
#include "node/access/central/centre_views.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

// `is_owner`: the applicant may answer; the centre's own staff only looks.
value application_view(visit const& who, access::application_page const& page, bool is_owner);

}  // namespace ehds::node::pages
