#include "node/access/calendar/holidays.hpp"

#include <catch2/catch.hpp>

#include "node/access/dates.hpp"

using namespace ehds;
using namespace ehds::node::access;
using access_samples::day;

namespace {}  // namespace

TEST_CASE("Easter falls where the almanac says") {
  auto const row = GENERATE(table<int, char const*>({{1961, "1961-04-02"},
                                                     {2000, "2000-04-23"},
                                                     {2008, "2008-03-23"},
                                                     {2025, "2025-04-20"},
                                                     {2026, "2026-04-05"},
                                                     {2027, "2027-03-28"},
                                                     {2028, "2028-04-16"},
                                                     {2038, "2038-04-25"}}));
  CHECK(to_text(easter_sunday(std::get<0>(row))) == std::get<1>(row));
}

TEST_CASE("Each country rests on its own days") {
  auto const row = GENERATE(table<char const*, char const*, bool>({{"FR", "2026-07-14", true},
                                                                   {"FI", "2026-07-14", false},
                                                                   {"DK", "2026-04-02", true},  // Maundy Thursday
                                                                   {"FR", "2026-04-02", false},
                                                                   {"FI", "2026-04-03", true},  // Good Friday
                                                                   {"FR", "2026-04-03", false},
                                                                   {"FR", "2026-05-14", true},  // Ascension
                                                                   {"FR", "2026-05-25", true},  // Whit Monday
                                                                   {"FI", "2026-05-25", false},
                                                                   {"FI", "2026-12-06", true},
                                                                   {"XX", "2026-12-25", false}}));
  CHECK(holidays_of(std::get<0>(row)).is_holiday(day(std::get<1>(row))) == std::get<2>(row));
}

TEST_CASE("A Saturday, a Sunday and a holiday are no working days") {
  auto const france = holidays_of("FR");

  CHECK_FALSE(france.is_working_day(day("2026-11-21")));
  CHECK_FALSE(france.is_working_day(day("2026-11-22")));
  CHECK_FALSE(france.is_working_day(day("2026-11-11")));
  CHECK(france.is_working_day(day("2026-11-23")));
}

TEST_CASE("Holiday rules that cannot be read are refused with their place") {
  auto const bad = GENERATE(R"({"FR":{"fixed":["1-1"]}})", R"({"FR":{"fixed":["13-01"]}})",
                            R"({"FR":{"fixed":[],"fromEaster":["x"]}})", R"([])");
  auto const rules = read_holidays(bad);

  REQUIRE_FALSE(rules);
  CHECK(rules.error().code == "access.calendar.rules");
}
