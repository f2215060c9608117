#include "node/http/socket_deadline.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstdint>

namespace ehds::node::http {

namespace asio = boost::asio;

struct socket_deadline::watch {
  asio::ip::tcp::socket* socket = nullptr;
  std::uint64_t turn = 0;  // a timer of an earlier operation must not cancel a later one
  bool fired = false;
};

bool is_quiet(asio::ip::tcp::socket& socket) {
  char byte = 0;
  auto const seen = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return seen < 0 && errno == EAGAIN;
}

socket_deadline::socket_deadline(asio::ip::tcp::socket& socket)
    : watch_(std::make_shared<watch>(watch{&socket})), timer_(socket.get_executor()) {}

socket_deadline::~socket_deadline() { ++watch_->turn; }

void socket_deadline::arm(patience at_most) {
  auto const turn = ++watch_->turn;
  watch_->fired = false;
  timer_.expires_after(std::max(at_most, patience{0}));
  timer_.async_wait([watched = watch_, turn](boost::system::error_code const& fault) {
    if (fault || watched->turn != turn) return;
    watched->fired = true;
    boost::system::error_code ignored;
    watched->socket->cancel(ignored);
  });
}

stream_step socket_deadline::outcome(boost::system::error_code const& fault, std::size_t bytes) {
  ++watch_->turn;
  timer_.cancel();
  if (!fault) return {bytes, stream_end::open};
  if (watch_->fired) return {bytes, stream_end::timeout};
  return {bytes, fault == asio::error::eof ? stream_end::closed : stream_end::broken};
}

}  // namespace ehds::node::http
