#pragma once
// Datasets that somebody chose for an application, kept in a cookie until there is a draft: nobody needs to sign in to
// choose.
#include <string>
#include <vector>

#include "node/http/request.hpp"
#include "node/http/response.hpp"

namespace ehds::node::pages {

inline constexpr std::size_t most_in_basket = 40;

std::vector<std::string> basket_of(http::request const& asked);  // identifiers of datasets
// False when it does not fit into a cookie.
bool keep_basket(http::response& answer, std::vector<std::string> const& datasets);

}  // namespace ehds::node::pages
