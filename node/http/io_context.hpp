#pragma once
// What stands behind io_thread. Known inside node/http alone.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "node/http/io_thread.hpp"

namespace ehds::node::http {

struct io_thread::state {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stay{context.get_executor()};
  std::thread thread;
};

}  // namespace ehds::node::http
