#include "node/http/io_thread.hpp"

#include "node/http/io_context.hpp"

namespace ehds::node::http {

io_thread::io_thread() : state_(std::make_unique<state>()) {
  state_->thread = std::thread([s = state_.get()] { s->context.run(); });
}

io_thread::~io_thread() {
  state_->stay.reset();
  state_->context.stop();
  state_->thread.join();
}

}  // namespace ehds::node::http
