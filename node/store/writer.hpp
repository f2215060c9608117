#pragma once
// The one thread that writes. Effects wait in a queue; all that wait go into one transaction, each in its savepoint;
// their callers are woken after the COMMIT. Internal to the store.
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "node/store/connection.hpp"
#include "node/store/database.hpp"

namespace ehds::node::store {

class writer {
 public:
  writer(std::unique_ptr<connection> on, database_options const& options);
  ~writer();  // effects already waiting are still done
  writer(writer const&) = delete;
  writer& operator=(writer const&) = delete;

  result<void> commit(effect const& change);
  bool probe();
  condition state() const;
  std::string reason() const;
  commit_counts counts() const;

 private:
  // One caller's effect. Lives on the caller's stack; `over` and `wake` are guarded by guard_.
  struct waiting {
    explicit waiting(effect const& wanted) : change(wanted) {}
    effect const& change;
    result<void> verdict;
    std::exception_ptr thrown;
    bool over = false;
    std::condition_variable wake;
  };
  using batch = std::vector<waiting*>;
  using effects_view = std::span<waiting* const>;

  void serve();
  bool take(batch& next);  // false when the writer is to stop
  void answer(effects_view done);
  void run(effects_view effects);
  void run_together(effects_view effects);
  void run_one(waiting& one);
  void roll_back() noexcept;
  void refuse(effects_view effects, store_failure const& why);
  void crash(effects_view effects);
  void checkpoint_when_long();
  void note(condition now, std::string reason);

  std::unique_ptr<connection> connection_;
  database_options const options_;

  mutable std::mutex guard_;
  std::condition_variable arrived_;
  std::deque<waiting*> queue_;
  bool stopping_ = false;
  condition condition_ = condition::ready;
  std::string reason_;
  commit_counts counts_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace ehds::node::store
