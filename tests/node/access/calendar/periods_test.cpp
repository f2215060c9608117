#include "node/access/calendar/periods.hpp"

#include <catch2/catch.hpp>

#include "node/access/dates.hpp"

using namespace ehds;
using namespace ehds::node::access;
using access_samples::day;

namespace {}  // namespace

TEST_CASE("Months end on the same day, or on the last day of a shorter month") {
  auto const row = GENERATE(table<char const*, int, char const*>({{"2026-01-15", 3, "2026-04-15"},
                                                                  {"2026-01-31", 1, "2026-02-28"},
                                                                  {"2028-01-31", 1, "2028-02-29"},
                                                                  {"2026-11-30", 3, "2027-02-28"},
                                                                  {"2027-11-30", 3, "2028-02-29"},
                                                                  {"2026-08-31", 3, "2026-11-30"},
                                                                  {"2028-02-29", 12, "2029-02-28"},
                                                                  {"2026-12-31", 6, "2027-06-30"},
                                                                  {"2026-10-31", 3, "2027-01-31"}}));
  CHECK(to_text(add_months(day(std::get<0>(row)), std::get<1>(row))) == std::get<2>(row));
}

TEST_CASE("Six months are not twice three months when the month end is short") {
  CHECK(to_text(add_months(day("2026-08-31"), 6)) == "2027-02-28");
  CHECK(to_text(add_months(add_months(day("2026-08-31"), 3), 3)) == "2027-02-28");
  CHECK(to_text(add_months(day("2026-11-30"), 6)) == "2027-05-30");
  CHECK(to_text(add_months(add_months(day("2026-11-30"), 3), 3)) == "2027-05-28");
}

TEST_CASE("Thirty working days step over weekends and holidays") {
  auto const france = holidays_of("FR");

  CHECK(to_text(add_working_days(day("2026-11-02"), 5, france)) == "2026-11-09");
  CHECK(to_text(add_working_days(day("2026-11-09"), 3, france)) == "2026-11-13");   // 11 November rests
  CHECK(to_text(add_working_days(day("2026-04-01"), 30, france)) == "2026-05-19");  // four rest days of spring
}

TEST_CASE("A period that would end on a day of rest ends with the next working day") {
  auto const france = holidays_of("FR");

  CHECK(to_text(next_working_day(day("2026-05-01"), france)) == "2026-05-04");  // a Friday, holiday
  CHECK(to_text(next_working_day(day("2026-12-25"), france)) == "2026-12-28");
  CHECK(to_text(next_working_day(day("2026-11-23"), france)) == "2026-11-23");
}

TEST_CASE("Periods are said in words") {
  CHECK(in_words(period{.months = 3}) == "3 months");
  CHECK(in_words(period{.weeks = 1, .days = 2}) == "1 week and 2 days");
  CHECK(in_words(period{.working_days = 30}) == "30 working days");
  CHECK(in_words(period{}) == "nothing");
}
