#pragma once
// The pages for people: server-rendered HTML of what the API gives as JSON. They work without JavaScript, in English
// and French, under a policy that allows nothing inline. Which pages a node has depends on the part it plays.
//
//   for (auto& route : pages::page_routes(house)) router.add(std::move(route));
#include <vector>

#include "node/api/rooms.hpp"
#include "node/http/router.hpp"

namespace ehds::node::pages {

// `house` must outlive the routes. None for a house without sessions: a data zone.
std::vector<http::route> page_routes(api::rooms& house);

// Where a router has nothing, a browser (Accept: text/html) gets a page that says so instead of the JSON in `answer`;
// everything else passes as it is.
http::response with_page_for_nothing(api::rooms& house, http::request const& asked, http::response answer);

}  // namespace ehds::node::pages
