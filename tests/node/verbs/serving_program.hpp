#pragma once
// ehds-node serve as a process of its own, with its log where the test wants it.
#include <sys/types.h>

#include <filesystem>
#include <string>

namespace ehds::tests {

class serving_program {
 public:
  // Waits until it is ready. The descriptor is its standard error.
  serving_program(std::filesystem::path const& configuration, int log);
  ~serving_program();  // kills what still runs
  serving_program(serving_program const&) = delete;
  serving_program& operator=(serving_program const&) = delete;

  bool is_ready() const { return said_.ends_with("\nready\n"); }
  std::string url_of(std::string const& side) const;  // "internal"; empty when there is no such door
  pid_t id() const { return pid_; }
  void signal(int number) const;
  int end();  // its exit code after SIGTERM; 128 and more: a signal ended it

 private:
  pid_t pid_ = 0;
  std::string said_;
};

}  // namespace ehds::tests
