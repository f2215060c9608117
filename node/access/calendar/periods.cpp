#include "node/access/calendar/periods.hpp"

namespace ehds::node::access {
namespace {

void append(std::string& text, int count, std::string_view unit) {
  if (count == 0) return;
  if (!text.empty()) text += " and ";
  text += std::to_string(count) + " " + std::string{unit} + (count == 1 ? "" : "s");
}

}  // namespace

date add_months(date day, int months) {
  auto const moved = day + std::chrono::months{months};
  if (moved.ok()) return moved;
  return date{moved.year() / moved.month() / std::chrono::last};
}

date add_days(date day, int days) { return date{std::chrono::sys_days{day} + std::chrono::days{days}}; }

date next_working_day(date day, holiday_rules const& holidays) {
  while (!holidays.is_working_day(day)) day = add_days(day, 1);
  return day;
}

date add_working_days(date day, int count, holiday_rules const& holidays) {
  for (int done = 0; done < count; ++done) day = next_working_day(add_days(day, 1), holidays);
  return day;
}

date add_period(date day, period const& p, holiday_rules const& holidays) {
  auto const whole = add_days(add_months(day, p.months), 7 * p.weeks + p.days);
  return add_working_days(whole, p.working_days, holidays);
}

std::string in_words(period const& p) {
  std::string text;
  append(text, p.months, "month");
  append(text, p.weeks, "week");
  append(text, p.days, "day");
  append(text, p.working_days, "working day");
  return text.empty() ? "nothing" : text;
}

}  // namespace ehds::node::access
