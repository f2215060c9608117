#pragma once
// A case as the values of the page "case": where it stands, why each date, what others decided, what may be done now.
#include <optional>
#include <string>

#include "node/access/cases/case_views.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

value case_line_view(visit const& who, access::case_line const& line);
value case_view(visit const& who, access::case_page const& page,
                std::optional<access::application_document> const& application);

}  // namespace ehds::node::pages
