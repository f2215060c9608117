#pragma once
// The thread that reads and writes sockets for servers and clients. Handlers never run on it.
#include <memory>

namespace ehds::node::http {

class io_thread {
 public:
  io_thread();   // starts the thread
  ~io_thread();  // ends it; servers and clients that use it are destroyed before

  io_thread(io_thread const&) = delete;
  io_thread& operator=(io_thread const&) = delete;

  struct state;  // known to node/http alone
  state& get() { return *state_; }

 private:
  std::unique_ptr<state> state_;
};

}  // namespace ehds::node::http
