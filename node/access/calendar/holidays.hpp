#pragma once
// Public holidays of a country, as data: fixed days and days counted from Easter Sunday.
// Needed by every legal period: Regulation (EEC, Euratom) No 1182/71 Art. 2 and 3.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ehds::node::access {

struct holiday_rules {
  struct day_of_year {
    unsigned month = 0;
    unsigned day = 0;
  };
  std::string country;  // ISO 3166-1 alpha-2; empty: only weekends rest
  std::vector<day_of_year> fixed;
  std::vector<int> from_easter;  // days after Easter Sunday, may be negative

  bool is_holiday(date day) const;
  bool is_working_day(date day) const;  // neither Saturday, Sunday nor holiday
};

date easter_sunday(int year);  // Gregorian calendar

// The rules shipped with the node. A country that is not listed has weekends only.
holiday_rules holidays_of(std::string_view country);

// {"FR":{"fixed":["01-01",...],"fromEaster":[1,39]},...}. Problem: access.calendar.rules.
result<std::vector<holiday_rules>> read_holidays(std::string_view json);

}  // namespace ehds::node::access
