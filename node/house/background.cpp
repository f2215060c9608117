#include "node/house/background.hpp"

#include <algorithm>
#include <exception>

namespace ehds::node::house {
namespace {

// Nudges come with every message; looking after each of them would cost more than what is found.
constexpr std::chrono::milliseconds rest{5};

}  // namespace

background::background(std::function<void(std::string const&, std::string const&)> on_failure)
    : on_failure_(std::move(on_failure)) {}

background::~background() { stop(); }

void background::add(std::string name, std::chrono::milliseconds pause, std::function<bool()> work, wakes how) {
  jobs_.push_back(std::make_unique<job>(std::move(name), pause, std::move(work), how, std::thread{}));
}

void background::start() {
  for (auto& one : jobs_) one->thread = std::thread([this, held = one.get()] { run(*held); });
}

void background::nudge() {
  {
    std::scoped_lock const lock(guard_);
    ++nudges_;
  }
  wake_.notify_all();
}

void background::stop() {
  {
    std::scoped_lock const lock(guard_);
    stopping_ = true;
  }
  resting_.notify_all();
  wake_.notify_all();
  for (auto& one : jobs_)
    if (one->thread.joinable()) one->thread.join();
}

void background::run(job& one) {
  std::uint64_t seen = 0;
  do {
    try {
      while (one.work()) {
        std::scoped_lock const lock(guard_);
        if (stopping_) return;
      }
    } catch (std::exception const& broken) {
      on_failure_(one.name, broken.what());
    }
  } while (wait_for_more(one, seen));
}

// False when it is time to stop.
bool background::wait_for_more(job const& one, std::uint64_t& seen) {
  std::unique_lock lock(guard_);
  resting_.wait_for(lock, std::min(rest, one.pause), [&] { return stopping_; });
  wake_.wait_for(lock, one.pause, [&] { return stopping_ || (one.how == wakes::when_nudged && nudges_ != seen); });
  seen = nudges_;
  return !stopping_;
}

}  // namespace ehds::node::house
