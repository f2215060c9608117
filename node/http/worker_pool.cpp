#include "node/http/worker_pool.hpp"

#include <algorithm>

namespace ehds::node::http {

worker_pool::worker_pool(std::size_t threads, std::size_t queue) : queue_(queue) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) threads_.emplace_back([this] { work(); });
}

worker_pool::~worker_pool() { finish(); }

bool worker_pool::try_run(std::function<void()> job) {
  {
    std::lock_guard const lock(mutex_);
    // A job that a thread is free to take at once does not wait in the queue.
    if (ending_ || jobs_.size() + running_ >= queue_ + threads_.size()) return false;
    jobs_.push_back(std::move(job));
    waiting_ = jobs_.size();
  }
  wake_.notify_one();
  return true;
}

void worker_pool::finish() {
  {
    std::lock_guard const lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (auto& t : threads_)
    if (t.joinable()) t.join();
}

void worker_pool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto const job = std::move(jobs_.front());
    jobs_.pop_front();
    waiting_ = jobs_.size();
    ++running_;
    lock.unlock();
    job();
    lock.lock();
    --running_;
  }
}

}  // namespace ehds::node::http
