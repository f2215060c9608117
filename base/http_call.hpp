#pragma once
// One HTTP request to somebody else, as plain values. Rooms that need the network take an
// http_call&; node/http implements it, tests play it from a script.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds {

struct http_header {
  std::string name;
  std::string value;
};

// A body that is made while it is sent, of a size that is known before. `next` gives piece after piece, each until the
// next call; empty at the end. It is called on the thread that calls.
struct streamed_body {
  std::uint64_t size = 0;
  std::function<result<std::string_view>()> next;
};

struct http_call_request {
  std::string method = "GET";
  std::string url{};  // http or https, absolute
  std::vector<http_header> headers{};
  std::string body{};
  std::chrono::milliseconds timeout{30'000};      // for the whole exchange
  std::size_t response_limit = 16 * 1024 * 1024;  // bytes of body; more is a problem
  std::optional<streamed_body> stream{};          // instead of body
};

// The body, streamed or not, in memory: for those who play the network.
result<std::string> whole_body(http_call_request const& request);

struct http_call_response {
  int status = 0;
  std::vector<http_header> headers;
  std::string body;

  // First header of that name, any case; empty when absent.
  std::string header(std::string_view name) const;
};

class http_call {
 public:
  virtual ~http_call() = default;
  // Blocks the calling thread. Problems: http_call.unreachable, .timeout, .tls, .too_large, .cut;
  // an answer with any status is a response, never a problem.
  virtual result<http_call_response> call(http_call_request const& request) = 0;
};

}  // namespace ehds
