#pragma once
// HTTP/1.1 as far as one honest client needs it: a request with Content-Length, one answer, the connection closed.
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/platform/answers.hpp"

namespace ehds::conformance::platform {

inline constexpr std::size_t head_limit = 16 * 1024;
inline constexpr std::size_t body_limit = 4 * 1024 * 1024;

enum class reading { more, whole, malformed, too_large };

struct read_request {
  reading state = reading::more;
  plain_request request;
};

// Of all bytes that came so far.
read_request read_plain_request(std::string_view bytes);
std::string write_plain_response(plain_response const& response);

// Listens on an IPv4 address ("127.0.0.1:8090"; port 0: a free one) and answers one connection after the other until
// stop is not 0. Calls `ready` with the port. Throws std::runtime_error when it cannot listen.
void serve(std::string const& address, std::function<plain_response(plain_request const&)> const& answer,
           std::function<void(int port)> const& ready, volatile std::sig_atomic_t const& stop);

}  // namespace ehds::conformance::platform
