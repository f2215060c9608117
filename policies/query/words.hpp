#pragma once
// The words of the query's JSON, in the order of the enumerations they name.
#include <string_view>
#include <vector>

namespace ehds::policies::words {

inline std::vector<std::string_view> const comparisons{"equals", "in", "between", "at_least", "at_most"};
inline std::vector<std::string_view> const units{"person", "event"};
inline std::vector<std::string_view> const measures{"persons", "events", "sum"};

inline constexpr std::string_view age_band = "age_band";
inline constexpr std::string_view year = "year";

}  // namespace ehds::policies::words
