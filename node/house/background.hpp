#pragma once
// Work that nobody waits for: sending, handing over, pulling, what time alone does. Each job has its own thread, so
// that one that hangs holds up nobody else, and runs again when it is nudged or when its pause is over.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ehds::node::house {

class background {
 public:
  // Called with the name of the job and what it threw; a job that throws runs again after its pause.
  explicit background(std::function<void(std::string const& job, std::string const& what)> on_failure);
  ~background();  // stops

  enum class wakes { when_nudged, by_pause_only };

  // Before start(). `work` returns true when there is more to do at once.
  void add(std::string name, std::chrono::milliseconds pause, std::function<bool()> work,
           wakes how = wakes::when_nudged);
  void start();
  void nudge();  // every job looks again, within milliseconds; many nudges at once are one
  void stop();   // waits for what is running

 private:
  struct job {
    std::string name;
    std::chrono::milliseconds pause;
    std::function<bool()> work;
    wakes how;
    std::thread thread;
  };
  void run(job& one);
  bool wait_for_more(job const& one, std::uint64_t& seen);

  std::function<void(std::string const&, std::string const&)> on_failure_;
  std::vector<std::unique_ptr<job>> jobs_;
  std::mutex guard_;
  std::condition_variable wake_;
  std::condition_variable resting_;  // wakes for the end only
  std::uint64_t nudges_ = 0;
  bool stopping_ = false;
};

}  // namespace ehds::node::house
