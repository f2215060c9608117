#include "node/store/fail_point.hpp"

#ifdef EHDS_FAIL_POINTS

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include "base/numbers.hpp"

namespace ehds::node::store {
namespace {

struct armed_point {
  std::string name;
  int passes_left = 0;
};

armed_point from_environment() {
  char const* const said = std::getenv("EHDS_FAIL_POINT");
  if (said == nullptr) return {};
  std::string_view const text = said;
  auto const colon = text.find(':');
  int const nth = colon == std::string_view::npos ? 1 : parse_number<int>(text.substr(colon + 1)).value_or(1);
  return {std::string(text.substr(0, colon)), nth};
}

struct fail_points {
  fail_points() { passed.reserve(100); }  // so that a place may be passed without memory
  std::mutex guard;
  armed_point kill = from_environment();
  armed_point crash;                     // from a test
  std::vector<std::string_view> passed;  // literals
};

fail_points& all() {
  static fail_points points;
  return points;
}

bool is_due(armed_point& point, std::string_view name) {
  if (point.passes_left <= 0 || point.name != name) return false;
  --point.passes_left;
  return point.passes_left == 0;
}

}  // namespace

void fail_point(std::string_view name) {
  auto& points = all();
  std::scoped_lock const lock(points.guard);
  if (std::ranges::find(points.passed, name) == points.passed.end()) points.passed.push_back(name);
  if (is_due(points.kill, name)) static_cast<void>(std::raise(SIGKILL));
  if (is_due(points.crash, name)) throw simulated_crash{std::string(name)};
}

void arm_fail_point(std::string_view name, int nth) {
  auto& points = all();
  std::scoped_lock const lock(points.guard);
  points.crash = {std::string(name), nth};
}

void arm_kill(std::string_view name, int nth) {
  auto& points = all();
  std::scoped_lock const lock(points.guard);
  points.kill = {std::string(name), nth};
}

void disarm_fail_points() { arm_fail_point("", 0); }

bool is_fail_point_armed() {
  auto& points = all();
  std::scoped_lock const lock(points.guard);
  return points.crash.passes_left > 0;
}

std::vector<std::string> passed_fail_points() {
  auto& points = all();
  std::scoped_lock const lock(points.guard);
  return {points.passed.begin(), points.passed.end()};
}

}  // namespace ehds::node::store

#endif
