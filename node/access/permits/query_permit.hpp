#pragma once
// A permit as the query engine judges it: in force or not, until when, which hashes, for whom.
#include <optional>
#include <string_view>

#include "node/access/permits/permit_book.hpp"
#include "policies/data_permit.hpp"

namespace ehds::node::access {

policies::data_permit query_permit(permit_line const& line);

// The newest version under that number, read in the same snapshot or effect as what depends on it.
std::optional<policies::data_permit> query_permit(store::reading& now, std::string_view permit_id);

// Every number's newest version that names a query of this hash for this dataset.
std::optional<policies::data_permit> permit_for_query(store::reading& now, std::string_view dataset,
                                                      std::string_view query_hash);

}  // namespace ehds::node::access
