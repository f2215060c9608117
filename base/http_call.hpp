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

#include "base/byte_source.hpp"
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

// All bytes of the source, which outlives it; a source that ends before its size says so ends the call.
streamed_body streamed(byte_source const& from);
streamed_body streamed(byte_source const&& from) = delete;

struct http_call_request {
  std::string method = "GET";
  std::string url{};  // http or https, absolute
  std::vector<http_header> headers{};
  std::string body{};
  std::chrono::milliseconds timeout{30'000};      // for the whole exchange
  std::size_t response_limit = 16 * 1024 * 1024;  // bytes of body; more is a problem
  std::optional<streamed_body> stream{};          // instead of body
  // Gives a place for the body of an answer of spooled_answer_from bytes or more, which then goes there piece by piece;
  // the place lives until the call returns. Both work on the thread that calls, and what they refuse ends the call with
  // their problem. Empty: every answer is held in memory.
  std::function<result<byte_sink*>()> spool{};
};

inline constexpr std::size_t spooled_answer_from = 256 * 1024;

struct http_call_response {
  int status = 0;
  std::vector<http_header> headers;
  std::string body;
  bool is_spooled = false;  // the body is where the request's spool said, and not here

  // First header of that name, any case; empty when absent.
  std::string header(std::string_view name) const;
};

// For those who play the network: the body of a request in memory, streamed or not; and the answer as its caller gets
// it, a long body put where the request wants it.
result<std::string> whole_body(http_call_request const& request);
result<http_call_response> spooled(http_call_request const& request, http_call_response answer);

class http_call {
 public:
  virtual ~http_call() = default;
  // Blocks the calling thread. Problems: http_call.unreachable, .timeout, .tls, .too_large, .cut;
  // an answer with any status is a response, never a problem.
  virtual result<http_call_response> call(http_call_request const& request) = 0;
};

}  // namespace ehds
