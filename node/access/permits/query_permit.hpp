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

struct asked_query {
  std::string_view dataset;
  std::string_view query_hash;
  std::string_view protocol;
  std::string_view caller;       // account id, or "access_point:<id>"
  std::string_view application;  // business id of the data request
};

// The permit whose newest version fits best: names the dataset and hash; else is of that dataset and protocol, so that
// the officer learns what differs. Among several the one that is live, names the caller, is of that application. Read
// from an index: this runs inside effects.
std::optional<policies::data_permit> permit_for_query(store::reading& now, asked_query const& asked);

}  // namespace ehds::node::access
