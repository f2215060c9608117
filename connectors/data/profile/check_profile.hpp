#pragma once
// Do the parts of a profile fit together, and is every name a plain identifier that may stand in SQL?
#include <string_view>

#include "connectors/data/profile/dataset_profile.hpp"

namespace ehds::connectors {

// a-z, 0-9 and _, not starting with a digit, at most 63 long: the same in every dialect, never in need of quotes.
bool is_plain_name(std::string_view name);

void check_profile(dataset_profile const& profile, problems& found);

}  // namespace ehds::connectors
