#pragma once
// Cancels what a socket is doing when it takes too long. One operation at a time; known inside node/http alone.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "node/http/byte_stream.hpp"

namespace ehds::node::http {

// Neither closed by the other side nor holding unread bytes.
bool is_quiet(boost::asio::ip::tcp::socket& socket);

class socket_deadline {
 public:
  explicit socket_deadline(boost::asio::ip::tcp::socket& socket);
  ~socket_deadline();

  socket_deadline(socket_deadline const&) = delete;
  socket_deadline& operator=(socket_deadline const&) = delete;

  void arm(patience at_most);
  // What the operation that was armed for came to.
  stream_step outcome(boost::system::error_code const& fault, std::size_t bytes);

 private:
  struct watch;
  std::shared_ptr<watch> watch_;  // outlives this object in a timer that has already fired
  boost::asio::steady_timer timer_;
};

}  // namespace ehds::node::http
