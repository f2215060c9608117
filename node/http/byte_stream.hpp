#pragma once
// What a session needs of a connection: four functions. Behind it stand TCP, TLS and the scripts of tests, so that
// sessions are compiled once and tested without sockets. Known inside node/http alone.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace ehds::node::http {

enum class stream_end {
  open,     // it goes on
  closed,   // the other side ended it properly
  timeout,  // nothing moved within the patience given
  broken,   // reset, cut, or closed by us
};

struct stream_step {
  std::size_t bytes = 0;
  stream_end end = stream_end::open;
};

using patience = std::chrono::milliseconds;

inline constexpr std::size_t read_size = 16 * 1024;  // for one read_some

class byte_stream {
 public:
  virtual ~byte_stream() = default;
  // At least one byte unless it ended.
  virtual boost::asio::awaitable<stream_step> read_some(std::span<char> into, patience at_most) = 0;
  // All bytes unless it ended. They must live until then.
  virtual boost::asio::awaitable<stream_step> write(std::string_view bytes, patience at_most) = 0;
  // Still open, and nothing has come that nobody asked for: fit to carry another request.
  virtual bool quiet() = 0;
  // Ends pending reads and writes with `broken`.
  virtual void close() = 0;
};

}  // namespace ehds::node::http
