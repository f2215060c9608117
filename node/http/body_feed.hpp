#pragma once
// Brings the pieces of a streamed body from the thread that calls, which may read files and encrypt, to the I/O thread,
// which must not wait. Known inside node/http alone.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "base/http_call.hpp"

namespace ehds::node::http {

class body_feed {
 public:
  // On the I/O thread: the next piece; empty at the end.
  boost::asio::awaitable<result<std::string>> take();
  // On the I/O thread: the call is over, whatever was sent of the body.
  void finish();
  // On the calling thread: makes what is asked for until the call is over or its time is.
  void serve(streamed_body const& body, std::chrono::steady_clock::time_point until);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void(result<std::string>)> asked_;  // by take()
  bool is_over_ = false;
};

}  // namespace ehds::node::http
