#include "node/access/calendar/holidays.hpp"

#include "base/numbers.hpp"
#include "node/access/shipped.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ehds::node::access {
namespace {

problem bad_rules(std::string const& where) {
  return {"access.calendar.rules", "The holiday rules cannot be read.", where,
          "Write fixed days as \"MM-DD\" and days from Easter as whole numbers."};
}

result<holiday_rules::day_of_year> read_day(std::string const& text) {
  auto const parts = std::string_view{text};
  if (parts.size() != 5 || parts[2] != '-') return bad_rules(text);
  auto const month = parse_number<unsigned>(parts.substr(0, 2));
  auto const day = parse_number<unsigned>(parts.substr(3));
  if (!month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return bad_rules(text);
  return holiday_rules::day_of_year{*month, *day};
}

result<holiday_rules> read_country(std::string const& country, json const& node) {
  holiday_rules rules{.country = country, .fixed = {}, .from_easter = {}};
  for (auto const& text : text_list(node, "fixed")) {
    auto day = read_day(text);
    if (!day) return std::move(day).error();
    rules.fixed.push_back(*day);
  }
  if (auto const found = node.find("fromEaster"); found != node.end() && found->is_array()) {
    for (auto const& offset : *found) {
      if (!offset.is_number_integer()) return bad_rules(country);
      rules.from_easter.push_back(offset.get<int>());
    }
  }
  return rules;
}

}  // namespace

bool holiday_rules::is_holiday(date day) const {
  auto const month = static_cast<unsigned>(day.month());
  auto const number = static_cast<unsigned>(day.day());
  auto const same = [&](day_of_year const& f) { return f.month == month && f.day == number; };
  if (std::ranges::any_of(fixed, same)) return true;
  auto const easter = std::chrono::sys_days{easter_sunday(static_cast<int>(day.year()))};
  auto const offset = (std::chrono::sys_days{day} - easter).count();
  return std::ranges::find(from_easter, offset) != from_easter.end();
}

bool holiday_rules::is_working_day(date day) const {
  auto const weekday = std::chrono::weekday{std::chrono::sys_days{day}};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday && !is_holiday(day);
}

// The computus as published by Meeus, Jones and Butcher: exact for every Gregorian year.
date easter_sunday(int year) {
  int const golden = year % 19;
  int const century = year / 100;
  int const rest = year % 100;
  int const correction = (century - (century + 8) / 25 + 1) / 3;
  int const epact = (19 * golden + century - century / 4 - correction + 15) % 30;
  int const weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
  int const shift = (golden + 11 * epact + 22 * weekday) / 451;
  int const count = epact + weekday - 7 * shift + 114;
  return date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(count / 31)},
              std::chrono::day{static_cast<unsigned>(count % 31 + 1)}};
}

result<std::vector<holiday_rules>> read_holidays(std::string_view text) {
  auto document = read_json(text, {});
  if (!document) return std::move(document).error();
  if (!document->is_object()) return bad_rules("");
  std::vector<holiday_rules> all;
  for (auto const& [country, node] : document->items()) {
    auto rules = read_country(country, node);
    if (!rules) return std::move(rules).error();
    all.push_back(std::move(*rules));
  }
  return all;
}

holiday_rules holidays_of(std::string_view country) {
  static auto const all = read_holidays(shipped::holidays()).value();
  auto const found = std::ranges::find(all, country, &holiday_rules::country);
  return found == all.end() ? holiday_rules{.country = std::string{country}, .fixed = {}, .from_easter = {}} : *found;
}

}  // namespace ehds::node::access
