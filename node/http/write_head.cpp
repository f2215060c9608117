// How an answer begins on the wire (RFC 9112 4).
#include <algorithm>

#include "node/http/session.hpp"

namespace ehds::node::http {

namespace {

bool is_ours(std::string_view name) {
  return same_name(name, "connection") || same_name(name, "content-length") || same_name(name, "transfer-encoding") ||
         same_name(name, "date");
}

// A value must never start a field of its own.
std::string on_one_line(std::string_view text) {
  std::string line{text};
  std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return line;
}

}  // namespace

std::string written_head(response const& answer, bool keep, instant now) {
  std::string head =
      "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string{reason_phrase(answer.status)} + "\r\n";
  head += "Date: " + to_http_date(now) + "\r\n";
  for (auto const& f : answer.headers) {
    if (!is_ours(f.name)) head += on_one_line(f.name) + ": " + on_one_line(f.value) + "\r\n";
  }
  bool const measured = answer.status != 204 && answer.status != 304 && answer.status >= 200;
  if (measured)
    head += "Content-Length: " + std::to_string(answer.stream ? answer.stream->size() : answer.body.size()) + "\r\n";
  if (!keep) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace ehds::node::http
