#pragma once
// What a thread has had of the processor, and how much slower than what is shipped this program may be.
#include <ctime>

namespace ehds::edelivery::tests {

// Without optimisation, and with every access checked, our own code is slower; the limits are for what is shipped.
#if defined(__OPTIMIZE__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
inline constexpr double slowness = 1;
#else
inline constexpr double slowness = 5;
#endif

inline double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace ehds::edelivery::tests
