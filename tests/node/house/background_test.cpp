#include "node/house/background.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "node/house/two_houses.hpp"

using namespace ehds::node::house;
using ehds::tests::soon;

namespace {

constexpr std::chrono::hours never{1};

}  // namespace

TEST_CASE("a job runs at the start, and again for each nudge, not before its pause is over") {
  std::atomic<int> runs = 0;
  background work([](auto const&, auto const&) {});
  work.add("one", never, [&] {
    ++runs;
    return false;
  });
  work.start();
  REQUIRE(soon([&] { return runs == 1; }));
  work.nudge();
  CHECK(soon([&] { return runs == 2; }));
  work.stop();
  CHECK(runs == 2);
}

TEST_CASE("nudges that come close together are looked after once, and the last is not missed") {
  std::atomic<int> runs = 0;
  std::atomic<int> nudged = 0;
  std::atomic<int> seen = 0;
  background work([](auto const&, auto const&) {});
  work.add("one", never, [&] {
    ++runs;
    seen = nudged.load();
    return false;
  });
  work.start();
  auto const begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 2'000; ++i) {
    ++nudged;
    work.nudge();
  }
  REQUIRE(soon([&] { return seen == 2'000; }));
  auto const took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  CHECK(runs <= took.count() / 5 + 3);
  work.stop();
}

TEST_CASE("a job that has more to do runs at once again, and stops in between when asked to") {
  std::atomic<int> runs = 0;
  background work([](auto const&, auto const&) {});
  work.add("busy", never, [&] {
    ++runs;
    return true;
  });
  work.start();
  REQUIRE(soon([&] { return runs > 10; }));
  work.stop();
  auto const at_end = runs.load();
  CHECK(runs == at_end);
}

TEST_CASE("a job that throws is reported and runs again; one that hangs holds up nobody else") {
  std::atomic<int> runs = 0;
  std::atomic<bool> let_go = false;
  std::atomic<int> failures = 0;
  background work([&](std::string const& job, std::string const& what) {
    if (job == "thrower" && what == "broken") ++failures;
  });
  work.add("thrower", never, [&]() -> bool {
    ++runs;
    throw std::runtime_error("broken");
  });
  work.add("hanger", never, [&] {
    soon([&] { return let_go.load(); });
    return false;
  });
  work.start();
  REQUIRE(soon([&] { return failures == 1; }));
  work.nudge();
  CHECK(soon([&] { return failures == 2; }));
  let_go = true;
  work.stop();
  CHECK(runs == 2);
}

TEST_CASE("work that was never started can be stopped, also twice") {
  background work([](auto const&, auto const&) {});
  work.add("one", never, [] { return false; });
  work.stop();
  work.stop();
}
