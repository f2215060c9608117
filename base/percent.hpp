#pragma once
// Texts as they stand in URLs (RFC 3986 2.1).
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds {

// A '%' without two hex digits is percent.malformed. '+' stays '+'.
result<std::string> percent_decode(std::string_view text);
// For names that others chose, to be compared: a '%' without two hex digits stays as it is.
std::string percent_decode_leniently(std::string_view text);
// Everything but the unreserved characters is encoded: fit for one path segment or one query value.
std::string percent_encode(std::string_view text);

}  // namespace ehds
