#pragma once
// Days and moments as a test writes them.
#include <string_view>

#include "base/time.hpp"

namespace access_samples {

inline ehds::date day(std::string_view text) { return ehds::parse_date(text).value(); }
inline ehds::instant at(std::string_view text) { return ehds::parse_rfc3339(text).value(); }

}  // namespace access_samples
