#pragma once
// A dataset as the values of the page "dataset".
#include "node/catalogue/record_book.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

value dataset_view(visit const& who, catalogue::kept_record const& kept);
// The variables that match ?v=, a page of them.
value variables_view(visit const& who, dcat::variable_set const& set);

}  // namespace ehds::node::pages
