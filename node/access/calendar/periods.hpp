#pragma once
// Legal periods as Regulation (EEC, Euratom) No 1182/71 counts them: the day of the event is not
// counted (Art. 3(1)); months end on the same day number, or on the last day of a shorter month
// (Art. 3(2)(c)); a period that would end on a Saturday, Sunday or public holiday ends with the
// next working day (Art. 3(4)). Days are calendar days of UTC.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/access/calendar/holidays.hpp"

namespace ehds::node::access {

struct period {
  int months = 0;
  int weeks = 0;
  int days = 0;
  int working_days = 0;

  bool empty() const { return months == 0 && weeks == 0 && days == 0 && working_days == 0; }
  bool operator==(period const&) const = default;
};

date add_months(date day, int months);  // 31 January + 1 month = last day of February
date add_days(date day, int days);
date add_working_days(date day, int count, holiday_rules const& holidays);
date next_working_day(date day, holiday_rules const& holidays);  // the day itself when it is one

// Months, then weeks, days and working days; not yet rolled to a working day.
date add_period(date day, period const& p, holiday_rules const& holidays);

std::string in_words(period const& p);  // "3 months", "4 weeks", "30 working days", "nothing"

}  // namespace ehds::node::access
