#pragma once
// The population part and the row conditions of a query, from JSON.
#include "policies/aggregate_query.hpp"
#include "policies/json/object_reader.hpp"

namespace ehds::policies {

filter read_filter(json::value const& v, std::string const& where, problems& found);
event_rows read_event_rows(json::object_reader& in, problems& found);  // the members table .. where of `in`

}  // namespace ehds::policies
