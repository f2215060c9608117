#pragma once
// The strict gate before the parser: a request head that two servers could read in two ways is refused (RFC 9112 11.2).
// Pure functions over the bytes from the request line to the empty line.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ehds::node::http {

// Why a request is not taken; the connection is closed after the answer.
struct refusal {
  int status = 400;
  std::string code;  // http.framing ...
  std::string detail;
};

struct head_limits {
  std::size_t target_bytes;
  std::size_t header_bytes;
  std::size_t fields = 128;
};

// Where the head ends (after its empty line); 0 while it is not complete.
std::size_t end_of_head(std::string_view received);
// Can the bytes that came so far still become a head within the limits?
std::optional<refusal> hopeless_start(std::string_view received, head_limits const& limits);
// Bare CR or LF, NUL, folded lines, blanks before a colon, names that are no tokens, more than one or a malformed
// Content-Length, Content-Length beside Transfer-Encoding, any coding but chunked, none or several Host fields, a
// target that is not a plain path, other versions of HTTP.
std::optional<refusal> unsafe_head(std::string_view head, head_limits const& limits);

// "/a/b" without dot segments, in plain or encoded spelling, and without NUL.
bool is_plain_path(std::string_view path);

}  // namespace ehds::node::http
