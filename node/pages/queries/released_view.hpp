#pragma once
// Released tables to read: as a table with its policy, side by side for several authorities, and as a bar chart.
#include <string>
#include <vector>

#include "node/federation/combine.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"
#include "policies/released_table.hpp"

namespace ehds::node::pages {

// {"columns": [..], "rows": [{"labels": [..], "numbers": [{"text", "hidden"}]}], ...}
value table_view(visit const& who, policies::released_table const& table);
// One row a cell, one column an authority and one for the sum. Empty text when nobody answered.
value comparison_view(visit const& who, std::vector<federation::authority_answer> const& answers,
                      federation::pooled_answer const& pooled);
// Bars of the first measure, without margins: a group for each cell, a bar for each authority. Empty text when
// there is nothing to draw. All positions are texts; the template draws.
value chart_view(visit const& who, std::string const& title, std::vector<federation::authority_answer> const& answers);

}  // namespace ehds::node::pages
