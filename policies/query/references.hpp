#pragma once
// Do the parts of a query fit together?
#include "policies/aggregate_query.hpp"

namespace ehds::policies {

void check_references(aggregate_query const& query, problems& found);

}  // namespace ehds::policies
