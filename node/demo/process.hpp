#pragma once
// A child process with its output in a file. It dies with us, however we die.
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ehds::node::demo {

class process {
 public:
  process() = default;
  process(process&& other) noexcept : pid_(other.pid_), status_(other.status_) { other.pid_ = 0; }
  process& operator=(process&& other) noexcept;
  ~process();  // kills

  // Throws story_error when the program cannot be started.
  static process start(std::vector<std::string> const& command, std::filesystem::path const& output);

  bool is_running();
  std::string how_it_ended() const;              // "signal 9", "exit 1"; empty while it runs and when we ended it
  void kill();                                   // SIGKILL: the power goes off
  bool end(std::chrono::milliseconds patience);  // SIGTERM, then SIGKILL; true when it went by itself
  explicit operator bool() const { return pid_ > 0; }

 private:
  explicit process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = 0;
  std::optional<int> status_;  // as waitpid gave it
};

// Throws story_error naming each that is not in the folder as a program.
void must_find_programs(std::filesystem::path const& folder, std::vector<std::string> const& names);

struct finished {
  int code = 0;
  std::string output;
};
// Runs to the end; what it prints is returned.
finished run_to_end(std::vector<std::string> const& command);

}  // namespace ehds::node::demo
