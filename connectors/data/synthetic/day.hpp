#pragma once
// Days as whole numbers since 1970-01-01, and their ten-character text without formatting each time.
#include <chrono>
#include <cstdint>
#include <string_view>

namespace ehds::connectors::synthetic {

using day = std::int32_t;

constexpr day day_of(int year, unsigned month, unsigned day_of_month) {
  using namespace std::chrono;
  auto const at = sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day_of_month}};
  return static_cast<day>(at.time_since_epoch().count());
}
constexpr std::chrono::year_month_day calendar(day at) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{at}}};
}
constexpr int year_of(day at) { return static_cast<int>(calendar(at).year()); }

// YYYY-MM-DD from a table that lives as long as the program; days of 1900 to 2049 only.
std::string_view text_of(day at);

// The years that the synthetic registers cover.
inline constexpr day first_day = day_of(2020, 1, 1);
inline constexpr day last_day = day_of(2025, 12, 31);

}  // namespace ehds::connectors::synthetic
