#include "base/clock.hpp"

namespace ehds {

instant system_clock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

instant shifted_clock::now() const { return system_clock{}.now() + offset(); }

}  // namespace ehds
