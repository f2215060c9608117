#pragma once
// Sentences that rooms keep in English, in the language of the reader: what happened to an application, how many
// authorities decided, what is in a sum. A sentence that is not known here is shown as it was kept.
#include <string>
#include <string_view>
#include <vector>

#include "node/access/wire/application_metadata.hpp"
#include "node/pages/visit.hpp"

namespace ehds::node::pages {

// "The status is now PRE_SCREENING" -> "The application is now in screening".
std::string event_in_words(visit const& who, std::string_view kept);
// "2 of 2 decided: 1 granted, 1 refused; 1 waits for you".
std::string counts_in_words(visit const& who, std::string_view kept);
// "2 of 3 authorities answered: FI, FR".
std::string note_in_words(visit const& who, std::string_view kept);
// A label of a table, "female"; ages and years stand for themselves.
std::string label_in_words(visit const& who, std::string_view label);
// "Finland"; the code where there is no name.
std::string country_in_words(visit const& who, std::string_view code);
// The name of the authority whose node calls itself "FI-HDAB": as the chosen datasets name it, else by its country.
std::string authority_in_words(visit const& who, std::string_view authority,
                               std::vector<access::dataset_reference> const& datasets = {});

}  // namespace ehds::node::pages
