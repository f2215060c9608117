#pragma once
// The pages by what they show, a file or two each; pages.cpp puts them on one list.
#include <vector>

#include "node/pages/visit.hpp"

namespace ehds::node::pages {

std::vector<http::route> catalogue_pages(api::rooms& house);    // search, dataset
std::vector<http::route> basket_pages(api::rooms& house);       // datasets chosen for an application, at the centre
std::vector<http::route> session_pages(api::rooms& house);      // sign in and out
std::vector<http::route> draft_pages(api::rooms& house);        // the single application before it is submitted
std::vector<http::route> application_pages(api::rooms& house);  // and after
std::vector<http::route> desk_pages(api::rooms& house);         // cases and what officers do with them
std::vector<http::route> query_pages(api::rooms& house);        // queries of others, tables to be released
std::vector<http::route> question_pages(api::rooms& house);     // our questions to others, answers as table and chart
std::vector<http::route> register_pages(api::rooms& house);
std::vector<http::route> ledger_pages(api::rooms& house);
std::vector<http::route> certificate_pages(api::rooms& house);  // ends and alarms, revocation lists
std::vector<http::route> message_pages(api::rooms& house);      // one message; what was refused

}  // namespace ehds::node::pages
