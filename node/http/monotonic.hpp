#pragma once
// A clock for deadlines: it never jumps, and says nothing about the date.
#include "base/clock.hpp"

namespace ehds::node::http {

class monotonic_clock final : public clock {
 public:
  instant now() const override {
    auto const since_start = std::chrono::steady_clock::now().time_since_epoch();
    return instant{std::chrono::duration_cast<std::chrono::milliseconds>(since_start)};
  }
};

}  // namespace ehds::node::http
