#pragma once
// Rounding to a base, and what a reader may conclude from a rounded figure.
#include <algorithm>
#include <cstdint>

#include "policies/disclosure/protection.hpp"

namespace ehds::policies::disclosure {

inline std::int64_t rounded(std::int64_t n, std::int64_t base) { return (n + base / 2) / base * base; }

// All true values that are shown as `figure`.
inline interval behind(std::int64_t figure, std::int64_t base) {
  return {std::max<std::int64_t>(0, figure - base / 2), figure + (base - 1) / 2};
}

}  // namespace ehds::policies::disclosure
