#pragma once
// A search and its answer as the values of the page "home".
#include "dcat/catalogue/search.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

value search_view(visit const& who, dcat::search_query const& query, dcat::search_answer const& found);
value variable_view(dcat::variable_set const& set, dcat::variable_row row, std::string_view language);
// The beginning of a long text, cut between words.
std::string shortened(std::string const& text, std::size_t characters);

}  // namespace ehds::node::pages
