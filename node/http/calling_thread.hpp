#pragma once
// The thread that waits for its call meanwhile does what the I/O thread must not, since it may take long: makes the
// pieces of a streamed body, which reads files and encrypts, and puts those of a long answer away. Known inside
// node/http alone.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace ehds::node::http {

class calling_thread {
 public:
  using job = std::function<result<std::string>()>;

  // On the I/O thread: what the job made. What it throws is the problem http_call.body; http_call.timeout when the
  // call's time is over.
  boost::asio::awaitable<result<std::string>> run(job what);
  // On the I/O thread: the call is over, whatever was done of it.
  void finish();
  // On the calling thread: does what is asked until the call is over or its time is.
  void serve(std::chrono::steady_clock::time_point until);

 private:
  struct wish {
    job what;
    std::function<void(result<std::string>)> give;
  };
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<wish> asked_;
  bool is_over_ = false;
};

}  // namespace ehds::node::http
