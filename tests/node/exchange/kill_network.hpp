#pragma once
// Two nodes, each in a process of its own, and the network between them, which sees every receipt. Single-threaded, so
// that it may fork.
#include <sys/types.h>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "node/exchange/frames.hpp"
#include "node/store/fresh_folder.hpp"

namespace ehds::tests {

class kill_network {
 public:
  explicit kill_network(unsigned seed);
  ~kill_network();
  kill_network(kill_network const&) = delete;

  void run_for(std::chrono::milliseconds time);
  void kill_at_random();  // either node, after a short while; it is started again after another
  // The node dies by itself at that place; false when it did not within some seconds.
  bool kill_at(std::string const& nation, std::string const& point, int nth);
  // Nothing is posted any more; both send what they have. False when that does not come to an end.
  bool settle();
  void stop();  // both, by SIGKILL as well

  // What went wrong, in words; empty: every receipt has its message, every message was delivered once.
  std::vector<std::string> judge();
  std::size_t messages() const { return messages_; }  // after judge()
  std::size_t receipts() const { return receipts_.size(); }
  std::size_t repeated() const { return repeated_; }  // receipts given again, to a message sent again
  std::vector<std::string> const& odd_ends() const { return odd_ends_; }  // of processes that nobody killed

 private:
  struct process {
    std::string nation;
    std::string partner;
    std::string point = {};
    int nth = 1;
    pid_t pid = -1;
    int socket = -1;
    frame_reader reader = {};
    std::set<std::uint64_t> asked = {};  // calls from here that wait for an answer
    std::uint64_t open = 1;              // as it last said
  };
  process& other(process const& one) { return &one == &fr_ ? eu_ : fr_; }
  void start(process& one);
  void bury(process& one);  // its end was seen
  void take(process& from, frame const& one);
  bool look(std::chrono::milliseconds at_most);  // once; false when nothing came

  fresh_folder folder_;
  std::mt19937 random_;
  process fr_{.nation = "FR", .partner = "EU"};
  process eu_{.nation = "EU", .partner = "FR"};
  std::set<std::pair<std::string, std::string>> receipts_;  // who gave it, for which message
  std::vector<std::string> odd_ends_;
  std::size_t messages_ = 0;
  std::size_t repeated_ = 0;
  bool is_quiet_ = false;
};

}  // namespace ehds::tests
