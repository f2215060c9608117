#pragma once
// Where the time comes from. Everything that asks for the time takes a clock, so that tests and
// rehearsals move it by hand.
#include <atomic>

#include "base/time.hpp"

namespace ehds {

class clock {
 public:
  virtual ~clock() = default;
  virtual instant now() const = 0;
};

class system_clock final : public clock {
 public:
  instant now() const override;
};

// Stands still until it is moved. Safe to read and move from several threads.
class manual_clock final : public clock {
 public:
  explicit manual_clock(instant start) : at_(start.time_since_epoch().count()) {}
  instant now() const override { return instant{std::chrono::milliseconds{at_.load()}}; }
  void advance(std::chrono::milliseconds by) { at_ += by.count(); }
  void set(instant at) { at_ = at.time_since_epoch().count(); }

 private:
  std::atomic<std::chrono::milliseconds::rep> at_;
};

// The system's time plus an offset: rehearsals jump weeks ahead, and time still passes.
class shifted_clock final : public clock {
 public:
  instant now() const override;
  void shift(std::chrono::milliseconds by) { offset_ += by.count(); }
  std::chrono::milliseconds offset() const { return std::chrono::milliseconds{offset_.load()}; }

 private:
  std::atomic<std::chrono::milliseconds::rep> offset_{0};
};

}  // namespace ehds
