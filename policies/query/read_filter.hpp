#pragma once
// The population part and the row conditions of a query, from JSON.
#include <string_view>

#include "policies/aggregate_query.hpp"
#include "policies/json/object_reader.hpp"

namespace ehds::policies {

inline constexpr std::string_view query_family = "query";  // of the problems of all parts of a query

filter read_filter(json::value const& v, std::string const& where, problems& found);
event_rows read_event_rows(json::object_reader& in, problems& found);  // the members table .. where of `in`

}  // namespace ehds::policies
