#pragma once
// Lines on their way to a file descriptor: one thread writes them from a bounded queue, so that a reader who has
// stopped reading stops nobody who logs. What finds no room is dropped and counted, and a line says how many once it
// flows again.
//
//   log_sink lines(STDERR_FILENO, [](std::uint64_t lost) { return std::to_string(lost) + " lines were dropped\n"; });
//   lines.add("one line\n");
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ehds::node::telemetry {

struct queue_room {
  std::size_t lines = 1'000;
  std::size_t bytes = 1'000'000;
};

class log_sink {
 public:
  using lost_line = std::function<std::string(std::uint64_t lost)>;

  // Makes a descriptor of its own: the caller may close his. The thread is made by the first line.
  log_sink(int descriptor, lost_line say, queue_room room = {});
  ~log_sink();  // flushes for a second at most

  log_sink(log_sink const&) = delete;
  log_sink& operator=(log_sink const&) = delete;

  // Waits for nobody. A process that was forked from the one that made this has no thread here: it writes by itself.
  void add(std::string line);
  // True when all is written, or lost, before the time is over.
  bool flush(std::chrono::milliseconds at_most);
  // For want of room, or because the descriptor takes nothing any more.
  std::uint64_t dropped() const;

 private:
  struct state;
  bool is_of_this_process() const;
  std::shared_ptr<state> state_;
};

}  // namespace ehds::node::telemetry
