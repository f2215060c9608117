#pragma once
// A fixed number of threads and a bounded queue before them: when it is full the caller is told, never kept.
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ehds::node::http {

class worker_pool {
 public:
  worker_pool(std::size_t threads, std::size_t queue);
  ~worker_pool();  // finishes what is queued

  worker_pool(worker_pool const&) = delete;
  worker_pool& operator=(worker_pool const&) = delete;

  // False when the queue is full. Jobs must not throw.
  bool try_run(std::function<void()> job);
  std::size_t running() const { return running_; }
  std::size_t waiting() const { return waiting_; }
  void finish();  // takes no more, runs what is queued, ends the threads

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::size_t const queue_;
  bool ending_ = false;
  std::atomic<std::size_t> running_{0};
  std::atomic<std::size_t> waiting_{0};
  std::vector<std::thread> threads_;
};

}  // namespace ehds::node::http
