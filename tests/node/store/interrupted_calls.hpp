#pragma once
// As long as one of these lives, the system calls by which SQLite reads and writes, for the database, its log and our
// payload files, are interrupted (EINTR) and give less than was asked for, in turns.
#include <cstdint>

namespace ehds::tests {

class interrupted_calls {
 public:
  interrupted_calls();
  ~interrupted_calls();
  interrupted_calls(interrupted_calls const&) = delete;
  interrupted_calls& operator=(interrupted_calls const&) = delete;

  static std::uint64_t interruptions();  // and short calls, since the program started
};

}  // namespace ehds::tests
