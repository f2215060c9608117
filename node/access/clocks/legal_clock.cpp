#include "node/access/clocks/legal_clock.hpp"

namespace ehds::node::access {
namespace {

std::string on(instant at) { return to_text(date_of(at)); }

// Folds the events into what the due date needs.
class clock_walk {
 public:
  explicit clock_walk(clock_rule const& rule) : rule_(rule) {}

  void take(clock_event const& event) {
    switch (event.step) {
      case clock_step::start:
        return start(event);
      case clock_step::pause:
        return pause(event);
      case clock_step::resume:
        return resume(event);
      case clock_step::extend:
        return extend(event);
      case clock_step::stop:
        return stop(event);
    }
  }

  // The extension lengthens the period itself; the paused days come after, then the roll to a
  // working day, so that a holiday is never counted twice.
  std::optional<date> due(holiday_rules const& holidays) {
    if (!started_) return std::nullopt;
    auto length = rule_.length;
    for (int i = 0; i < extended_; ++i) length = add(length, rule_.extension);
    auto const counted = add_days(add_period(date_of(*started_), length, holidays), paused_days_);
    auto const rolled = next_working_day(counted, holidays);
    if (rolled != counted)
      say("moved from " + to_text(counted) + " to the next working day (Regulation 1182/71 Art. 3(4))");
    return rolled;
  }

  clock_state state(std::optional<date> const& due, instant now) const {
    if (!started_) return clock_state::not_started;
    if (stopped_) return clock_state::stopped;
    if (paused_since_) return clock_state::paused;
    return due && date_of(now) > *due ? clock_state::overdue : clock_state::running;
  }

  void say(std::string sentence) { lines_.push_back(std::move(sentence)); }
  std::vector<std::string>& lines() { return lines_; }

 private:
  static period add(period a, period const& b) {
    return {a.months + b.months, a.weeks + b.weeks, a.days + b.days, a.working_days + b.working_days};
  }

  // A second start is a new period: an appeal that was won, a case that was reopened.
  void start(clock_event const& event) {
    say("started on " + on(event.at) + " because " + event.because);
    started_ = event.at;
    paused_since_.reset();
    stopped_ = false;
    extended_ = 0;
    paused_days_ = 0;
  }

  void pause(clock_event const& event) {
    if (!started_ || stopped_ || paused_since_ || !rule_.pauses) return;
    paused_since_ = event.at;
    say("paused on " + on(event.at) + " because " + event.because);
  }

  void resume(clock_event const& event) {
    if (!paused_since_) return;
    auto const from = std::chrono::sys_days{date_of(*paused_since_)};
    auto const to = std::chrono::sys_days{date_of(event.at)};
    auto const days = static_cast<int>((to - from).count());
    paused_days_ += days;
    paused_since_.reset();
    say("resumed on " + on(event.at) + " because " + event.because + "; stood still " + std::to_string(days) +
        (days == 1 ? " day" : " days"));
  }

  void extend(clock_event const& event) {
    if (!started_ || stopped_) return;
    if (extended_ >= rule_.extensions) return say("not extended on " + on(event.at) + ": the rule allows no more");
    ++extended_;
    say("extended by " + in_words(rule_.extension) + " on " + on(event.at) + " because " + event.because);
  }

  void stop(clock_event const& event) {
    if (!started_ || stopped_) return;
    stopped_ = true;
    say("stopped on " + on(event.at) + " because " + event.because);
  }

  clock_rule const& rule_;
  std::optional<instant> started_;
  std::optional<instant> paused_since_;
  bool stopped_ = false;
  int extended_ = 0;
  int paused_days_ = 0;
  std::vector<std::string> lines_;
};

std::string rule_line(clock_rule const& rule) {
  auto line = "rule: " + in_words(rule.length);
  if (!rule.extension.empty()) line += ", extendable by " + in_words(rule.extension);
  return line + " (" + rule.source + ")";
}

}  // namespace

clock_reading read_clock(clock_rule const& rule, std::vector<clock_event> const& events, holiday_rules const& holidays,
                         instant now) {
  clock_walk walk{rule};
  for (auto const& event : events) walk.take(event);
  auto due = walk.due(holidays);
  auto const state = walk.state(due, now);
  if (state == clock_state::paused) {
    due.reset();
    walk.say("no due date while it is paused");
  }
  walk.say(rule_line(rule));
  return {rule.id, rule.label, state, due, std::move(walk.lines())};
}

std::string_view in_words(clock_state state) {
  switch (state) {
    case clock_state::not_started:
      return "not started";
    case clock_state::running:
      return "running";
    case clock_state::paused:
      return "paused";
    case clock_state::stopped:
      return "stopped";
    case clock_state::overdue:
      return "overdue";
  }
  return "";
}

}  // namespace ehds::node::access
