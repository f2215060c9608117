#include "node/http/tcp.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "node/http/await_tuple.hpp"
#include "node/http/socket_deadline.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;

namespace {

class plain_stream final : public byte_stream {
 public:
  explicit plain_stream(asio::ip::tcp::socket socket) : socket_(std::move(socket)), deadline_(socket_) {}

  asio::awaitable<stream_step> read_some(std::span<char> into, patience at_most) override {
    auto const buffer = asio::buffer(into.data(), into.size());
    deadline_.arm(at_most);
    auto const [fault, bytes] = co_await socket_.async_read_some(buffer, await_tuple);
    co_return deadline_.outcome(fault, bytes);
  }

  asio::awaitable<stream_step> write(std::string_view bytes, patience at_most) override {
    auto const buffer = asio::buffer(bytes.data(), bytes.size());
    deadline_.arm(at_most);
    auto const [fault, written] = co_await asio::async_write(socket_, buffer, await_tuple);
    co_return deadline_.outcome(fault, written);
  }

  bool quiet() override { return is_quiet(socket_); }

  void close() override {
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

 private:
  asio::ip::tcp::socket socket_;
  socket_deadline deadline_;
};

}  // namespace

std::unique_ptr<byte_stream> tcp_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<plain_stream>(std::move(socket));
}

}  // namespace ehds::node::http
