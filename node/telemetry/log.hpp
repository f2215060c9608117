#pragma once
// The structured log: one event, one line of JSON on standard error. Fields hold names, numbers and references; never
// payloads, personal data or secrets. Who logs never waits for the reader: log_sink.hpp.
//
//   log.write(level::warning, "outbox.retry", {{"message_id", id}, {"attempt", 3}});
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/problem.hpp"
#include "node/telemetry/log_sink.hpp"

namespace ehds::node::telemetry {

enum class level { debug, info, warning, error };
std::string_view to_text(level of);

class field {
 public:
  template <std::integral Number>
  field(std::string_view name, Number value) : name_(name), value_(static_cast<std::int64_t>(value)) {}
  field(std::string_view name, bool value) : name_(name), value_(value) {}
  field(std::string_view name, double value) : name_(name), value_(value) {}
  field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  field(std::string_view name, std::string const& value) : name_(name), value_(std::string_view(value)) {}
  field(std::string_view name, char const* value) : name_(name), value_(std::string_view(value)) {}

  std::string_view name() const { return name_; }
  std::variant<std::int64_t, bool, double, std::string_view> const& value() const { return value_; }

 private:
  std::string_view name_;
  std::variant<std::int64_t, bool, double, std::string_view> value_;
};

class log {
 public:
  using sink = std::function<void(std::string_view line)>;  // the line ends with "\n"

  // Writes to standard error, through a queue.
  explicit log(clock const& now, level least = level::info);
  log(clock const& now, level least, int descriptor, queue_room room = {});
  log(clock const& now, level least, sink to);  // at once, one line at a time

  void write(level of, std::string_view event, std::initializer_list<field> fields = {});
  // A problem as an event: its code, detail and place.
  void write(level of, std::string_view event, problem const& what);
  // Before the process ends in another way than by taking this down. True when all lines are out in time.
  bool flush(std::chrono::milliseconds at_most);
  std::uint64_t dropped() const;  // lines that nobody will read
  void set_least(level least) { least_ = least; }
  bool wants(level of) const { return of >= least_; }

 private:
  std::string line_of(level of, std::string_view event, std::initializer_list<field> fields) const;

  clock const& clock_;
  std::atomic<level> least_;
  sink sink_;
  std::mutex one_at_a_time_;
  std::unique_ptr<log_sink> queue_;  // instead of the sink
};

}  // namespace ehds::node::telemetry
