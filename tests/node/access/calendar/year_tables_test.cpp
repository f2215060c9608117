// Whole years of each shipped country against tables written from the almanac, not from the rules.
#include "node/access/calendar/holidays.hpp"
#include "node/access/calendar/periods.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "node/access/dates.hpp"

using namespace ehds;
using namespace ehds::node::access;
using access_samples::day;

namespace {

// The days of rest of a year that are holidays, weekends or not.
std::string holidays_in(std::string const& country, int year) {
  auto const rules = holidays_of(country);
  std::string text;
  for (auto at = day(std::to_string(year) + "-01-01"); static_cast<int>(at.year()) == year; at = add_days(at, 1))
    if (rules.is_holiday(at)) text += (text.empty() ? "" : " ") + to_text(at).substr(5);
  return text;
}

int working_days_in(std::string const& country, int year) {
  auto const rules = holidays_of(country);
  int count = 0;
  for (auto at = day(std::to_string(year) + "-01-01"); static_cast<int>(at.year()) == year; at = add_days(at, 1))
    if (rules.is_working_day(at)) ++count;
  return count;
}

}  // namespace

TEST_CASE("Every holiday of a country and year is one of the almanac, and none is missing") {
  auto const row = GENERATE(table<char const*, int, char const*>(
      {{"FR", 2025, "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25"},
       {"FR", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"},
       {"FR", 2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25"},
       {"FR", 2028, "01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25"},
       {"FR", 2029, "01-01 04-02 05-01 05-08 05-10 05-21 07-14 08-15 11-01 11-11 12-25"},
       {"DK", 2025, "01-01 04-17 04-18 04-21 05-29 06-09 12-25 12-26"},
       {"DK", 2026, "01-01 04-02 04-03 04-06 05-14 05-25 12-25 12-26"},
       {"DK", 2027, "01-01 03-25 03-26 03-29 05-06 05-17 12-25 12-26"},
       {"DK", 2028, "01-01 04-13 04-14 04-17 05-25 06-05 12-25 12-26"},
       {"FI", 2025, "01-01 01-06 04-18 04-21 05-01 05-29 12-06 12-25 12-26"},
       {"FI", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 12-06 12-25 12-26"},
       {"FI", 2027, "01-01 01-06 03-26 03-29 05-01 05-06 12-06 12-25 12-26"},
       {"FI", 2028, "01-01 01-06 04-14 04-17 05-01 05-25 12-06 12-25 12-26"},
       {"XX", 2026, ""}}));
  CAPTURE(std::get<0>(row), std::get<1>(row));
  CHECK(holidays_in(std::get<0>(row), std::get<1>(row)) == std::get<2>(row));
}

TEST_CASE("A year of each country has as many working days as a desk calendar counts") {
  // 2026 has 261 days from Monday to Friday, 2027 also, 2028 has 260.
  auto const row = GENERATE(table<char const*, int, int>({{"XX", 2026, 261},
                                                          {"XX", 2027, 261},
                                                          {"XX", 2028, 260},
                                                          {"FR", 2026, 252},
                                                          {"FR", 2027, 254},
                                                          {"DK", 2026, 254},
                                                          {"FI", 2026, 254}}));
  CAPTURE(std::get<0>(row), std::get<1>(row));
  CHECK(working_days_in(std::get<0>(row), std::get<1>(row)) == std::get<2>(row));
}

TEST_CASE("Easter is a Sunday from 22 March to 25 April in every year of five centuries") {
  for (int year = 1700; year < 2200; ++year) {
    auto const easter = easter_sunday(year);
    CAPTURE(year, to_text(easter));
    CHECK(std::chrono::weekday{std::chrono::sys_days{easter}} == std::chrono::Sunday);
    CHECK(static_cast<int>(easter.year()) == year);
    CHECK(to_text(easter).substr(5) >= "03-22");
    CHECK(to_text(easter).substr(5) <= "04-25");
  }
}

TEST_CASE("The earliest and the latest Easter are where the almanac has them") {
  CHECK(to_text(easter_sunday(1818)) == "1818-03-22");
  CHECK(to_text(easter_sunday(1943)) == "1943-04-25");
  CHECK(to_text(easter_sunday(2285)) == "2285-03-22");
  CHECK(to_text(easter_sunday(1981)) == "1981-04-19");
  CHECK(to_text(easter_sunday(1954)) == "1954-04-18");
}

TEST_CASE("Adding months day by day never goes back, and ends on the same day or on the last of the month") {
  for (auto from = day("2027-01-01"); from < day("2029-01-01"); from = add_days(from, 1))
    for (int const months : {1, 2, 3, 4, 6, 12, 120}) {
      auto const to = add_months(from, months);
      auto const last_day = date{to.year() / to.month() / std::chrono::last};
      CAPTURE(to_text(from), months, to_text(to));
      CHECK(to.ok());
      CHECK((to.day() == from.day() || (to == last_day && to.day() < from.day())));
      CHECK((to.year() / to.month()) == (from.year() / from.month()) + std::chrono::months{months});
      CHECK(add_months(from, months) <= add_months(add_days(from, 1), months));
    }
}

TEST_CASE("Leap days count: a period over 29 February is a day longer") {
  CHECK(to_text(add_days(day("2028-02-28"), 1)) == "2028-02-29");
  CHECK(to_text(add_days(day("2027-02-28"), 1)) == "2027-03-01");
  CHECK(to_text(add_days(day("2028-02-01"), 28)) == "2028-02-29");
  CHECK(to_text(add_days(day("2100-02-28"), 1)) == "2100-03-01");  // no leap year
  CHECK(to_text(add_days(day("2000-02-28"), 1)) == "2000-02-29");  // one
  CHECK(to_text(add_months(day("2028-02-29"), 48)) == "2032-02-29");
  CHECK(to_text(add_months(day("2096-02-29"), 48)) == "2100-02-28");
}

TEST_CASE("Working days are counted over the end of a year as a person counts them") {
  auto const row = GENERATE(table<char const*, char const*, int, char const*>(
      {{"FR", "2026-12-23", 1, "2026-12-24"},
       {"FR", "2026-12-23", 2, "2026-12-28"},  // 25 Friday, 26 and 27 the weekend
       {"FR", "2026-12-23", 6, "2027-01-04"},  // 1 January a Friday
       {"DK", "2026-12-23", 2, "2026-12-28"},  // the 26th is a Saturday anyway
       {"DK", "2028-12-22", 1, "2028-12-27"},  // 25 and 26 are Monday and Tuesday
       {"FI", "2026-12-31", 1, "2027-01-04"},
       {"FI", "2026-12-31", 3, "2027-01-07"},  // Epiphany rests
       {"FR", "2026-12-31", 3, "2027-01-06"},
       {"XX", "2026-12-24", 1, "2026-12-25"},
       {"DK", "2027-03-24", 1, "2027-03-30"},     // Maundy Thursday to Easter Monday
       {"FR", "2027-05-05", 1, "2027-05-07"}}));  // Ascension
  CAPTURE(std::get<0>(row), std::get<1>(row), std::get<2>(row));
  CHECK(to_text(add_working_days(day(std::get<1>(row)), std::get<2>(row), holidays_of(std::get<0>(row)))) ==
        std::get<3>(row));
}

TEST_CASE("Counting working days agrees with crossing them off one by one, for every start of two years") {
  for (auto const* country : {"FR", "DK", "FI"}) {
    auto const rules = holidays_of(country);
    for (auto from = day("2026-01-01"); from < day("2028-01-01"); from = add_days(from, 1)) {
      auto const to = add_working_days(from, 30, rules);
      int between = 0;
      for (auto at = add_days(from, 1); at <= to; at = add_days(at, 1))
        if (rules.is_working_day(at)) ++between;
      if (between != 30 || !rules.is_working_day(to)) FAIL(std::string{country} + " " + to_text(from));
    }
  }
  SUCCEED();
}

TEST_CASE("The next working day is the first that is none of rest, and a working day is its own") {
  for (auto const* country : {"FR", "DK", "FI", "XX"}) {
    auto const rules = holidays_of(country);
    for (auto from = day("2026-01-01"); from < day("2027-01-01"); from = add_days(from, 1)) {
      auto const to = next_working_day(from, rules);
      bool skipped = false;
      for (auto at = from; at < to; at = add_days(at, 1)) skipped = skipped || rules.is_working_day(at);
      if (skipped || !rules.is_working_day(to) || to < from) FAIL(std::string{country} + " " + to_text(from));
    }
  }
  SUCCEED();
}

TEST_CASE("A period of several units counts months first, then weeks and days, then working days") {
  auto const france = holidays_of("FR");

  CHECK(to_text(add_period(day("2027-01-31"), {.months = 1, .days = 1}, france)) == "2027-03-01");
  CHECK(to_text(add_period(day("2027-01-31"), {.weeks = 4}, france)) == "2027-02-28");
  CHECK(to_text(add_period(day("2027-01-31"), {.months = 1, .weeks = 1, .working_days = 1}, france)) == "2027-03-08");
  CHECK(to_text(add_period(day("2027-01-31"), {}, france)) == "2027-01-31");
}

TEST_CASE("Holiday rules from a file are taken as they are, and what is no day is refused") {
  auto const rules = read_holidays(R"({"SE":{"fixed":["06-06"],"fromEaster":[-2]},"NL":{"fixed":[]}})").value();
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].is_holiday(day("2026-06-06")));
  CHECK(rules[0].is_holiday(day("2026-04-03")));
  CHECK_FALSE(rules[1].is_holiday(day("2026-06-06")));
  for (auto const* bad : {"00-01", "13-01", "01-00", "01-32", "1-1", "01/01", "0101", "aa-bb", "01-011", "+1-01"})
    CHECK_FALSE(read_holidays(R"({"SE":{"fixed":[")" + std::string{bad} + R"("]}})"));
}
