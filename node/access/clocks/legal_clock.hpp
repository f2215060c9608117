#pragma once
// Clocks that explain themselves. A clock is a rule (data, clocks/rules.json) applied to the events
// that started, paused, resumed, extended or stopped it. Pure: same events, same answer.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/access/calendar/holidays.hpp"
#include "node/access/calendar/periods.hpp"

namespace ehds::node::access {

struct clock_rule {
  std::string id;      // "permit_standard"
  std::string label;   // "Decide on the application"
  std::string source;  // "Regulation (EU) 2025/327 Art. 68(4)"
  period length;
  period extension;     // what one extension adds; empty: cannot be extended
  int extensions = 0;   // how often at most
  bool pauses = false;  // stands still while information is awaited
};

enum class clock_step { start, pause, resume, extend, stop };

struct clock_event {
  clock_step step = clock_step::start;
  instant at;
  std::string because;  // ends up in the explanation: "the application was complete"
};

enum class clock_state { not_started, running, paused, stopped, overdue };

struct clock_reading {
  std::string rule;  // id
  std::string label;
  clock_state state = clock_state::not_started;
  std::optional<date> due;               // last day of the period; none while paused or not started
  std::vector<std::string> explanation;  // one sentence an event, the rule last
};

// Events in the order of time. Steps that make no sense (a pause of a clock that stands, an
// extension beyond the rule) are explained and change nothing.
clock_reading read_clock(clock_rule const& rule, std::vector<clock_event> const& events, holiday_rules const& holidays,
                         instant now);

std::string_view in_words(clock_state state);

// The rules shipped with the node; throws std::out_of_range for an id that is not there.
clock_rule const& shipped_clock_rule(std::string_view id);
result<std::vector<clock_rule>> read_clock_rules(std::string_view json);  // problem: access.clock.rules

}  // namespace ehds::node::access
