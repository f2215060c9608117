#pragma once
// Named places where tests kill the process. Compiled out unless EHDS_FAIL_POINTS is defined.
//
//   fail_point("exchange.before_receipt");
//
// With EHDS_FAIL_POINT=name or name:3 in the environment the process kills itself (SIGKILL) when it passes that place
// the first (third) time. In one process a test arms a point to throw simulated_crash instead.
#include <string>
#include <string_view>
#include <vector>

namespace ehds::node::store {

// Not a std::exception, so that nothing that reports ordinary failures swallows it.
struct simulated_crash {
  std::string point;
};

#ifdef EHDS_FAIL_POINTS
void fail_point(std::string_view name);
// Throws simulated_crash when the place is passed for the nth time from now; one point is armed at a time.
void arm_fail_point(std::string_view name, int nth = 1);
void disarm_fail_points();
// The process kills itself there, as by EHDS_FAIL_POINT: for a child that was forked and not started anew.
void arm_kill(std::string_view name, int nth);
bool is_fail_point_armed();  // by arm_fail_point, and not yet passed that often
// Every name that was passed since the program started, each once, in order of first passing.
std::vector<std::string> passed_fail_points();
#else
inline void fail_point(std::string_view) {}
#endif

}  // namespace ehds::node::store
