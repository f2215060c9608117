#include "node/http/framing.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "node/http/fields.hpp"
#include "node/http/headers.hpp"

namespace ehds::node::http {

namespace {

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_character); }

// HTAB, SP, VCHAR and obs-text (RFC 9110 5.5).
bool is_field_text(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'); });
}

refusal framing(std::string detail) { return {400, "http.framing", std::move(detail)}; }

std::optional<refusal> unsafe_target(std::string_view target, std::size_t limit) {
  if (target.size() > limit)
    return refusal{414, "http.target_too_long", "The target is longer than this server reads."};
  auto const fine = [](char c) { return c > ' ' && c < '\x7f' && c != '#'; };
  if (!std::ranges::all_of(target, fine)) return framing("The request target holds a character that is not allowed.");
  for (std::string_view const scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    auto const slash = target.find('/', scheme.size());
    if (slash == std::string_view::npos) return framing("The absolute request target has no path.");
    target.remove_prefix(slash);
  }
  if (!is_plain_path(target.substr(0, target.find('?')))) {
    return framing("The path must begin with '/' and hold no dot segments.");
  }
  return std::nullopt;
}

std::optional<refusal> unsafe_request_line(std::string_view line, head_limits const& limits) {
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return framing("The first line is not a request line.");
  if (!is_token(line.substr(0, first))) return framing("The method is not a token.");
  auto const version = line.substr(last + 1);
  auto const known = version == "HTTP/1.1" || version == "HTTP/1.0";
  if (!known && version.starts_with("HTTP/"))
    return refusal{505, "http.version", "Only HTTP/1.1 and HTTP/1.0 are spoken."};
  if (!known) return framing("The first line is not a request line.");
  return unsafe_target(line.substr(first + 1, last - first - 1), limits.target_bytes);
}

struct framing_fields {
  std::size_t count = 0, lengths = 0, codings = 0, hosts = 0;
};

std::optional<refusal> unsafe_field(std::string_view line, framing_fields& seen) {
  if (line.front() == ' ' || line.front() == '\t') return framing("A header field is folded over two lines.");
  auto const colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return framing("A header field has no proper name.");
  auto const name = line.substr(0, colon);
  auto const value = trimmed(line.substr(colon + 1));
  if (!is_field_text(value)) return framing("A header field holds a control character.");
  ++seen.count;
  if (same_name(name, "host")) ++seen.hosts;
  if (same_name(name, "content-length")) {
    ++seen.lengths;
    auto const digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || !parse_number<std::uint64_t>(value)) return framing("Content-Length is not a number.");
  }
  if (same_name(name, "transfer-encoding")) {
    ++seen.codings;
    if (!same_name(value, "chunked")) return refusal{501, "http.coding", "The only transfer coding spoken is chunked."};
  }
  return std::nullopt;
}

std::optional<refusal> contradictory(framing_fields const& seen, bool version_1_1, std::size_t most) {
  if (seen.count > most) return refusal{431, "http.headers_too_large", "There are too many header fields."};
  if (seen.lengths > 1) return framing("There is more than one Content-Length.");
  if (seen.codings > 1) return framing("There is more than one Transfer-Encoding.");
  if (seen.lengths + seen.codings > 1) return framing("Content-Length and Transfer-Encoding stand side by side.");
  if (seen.codings > 0 && !version_1_1) return framing("HTTP/1.0 knows no Transfer-Encoding.");
  if (seen.hosts > 1 || (seen.hosts == 0 && version_1_1)) return framing("There must be exactly one Host field.");
  return std::nullopt;
}

}  // namespace

std::size_t end_of_head(std::string_view received) {
  auto const end = received.find("\r\n\r\n");
  return end == std::string_view::npos ? 0 : end + 4;
}

std::optional<refusal> hopeless_start(std::string_view received, head_limits const& limits) {
  if (!received.empty() && !is_token_character(received.front())) return framing("This is not the start of a request.");
  auto const line_end = received.find('\n');
  // Method, two blanks and version beside the target.
  if (line_end == std::string_view::npos && received.size() > limits.target_bytes + 64) {
    return refusal{414, "http.target_too_long", "The target is longer than this server reads."};
  }
  if (line_end == 0 || (line_end != std::string_view::npos && received[line_end - 1] != '\r')) {
    return framing("A line ends without carriage return.");
  }
  if (end_of_head(received) == 0 ? received.size() > limits.header_bytes
                                 : end_of_head(received) > limits.header_bytes) {
    return refusal{431, "http.headers_too_large", "The header fields are larger than this server reads."};
  }
  return std::nullopt;
}

std::optional<refusal> unsafe_head(std::string_view head, head_limits const& limits) {
  auto rest = head.substr(0, head.size() - 2);  // without the empty line
  framing_fields seen;
  bool version_1_1 = false;
  for (bool first = true; !rest.empty(); first = false) {
    auto const end = rest.find("\r\n");
    auto const line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos) {
      return framing("A line holds a bare carriage return, line feed or NUL.");
    }
    if (first) version_1_1 = line.ends_with("HTTP/1.1");
    if (auto why = first ? unsafe_request_line(line, limits) : unsafe_field(line, seen)) return why;
  }
  return contradictory(seen, version_1_1, limits.fields);
}

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = percent_decode(path.substr(0, end));
    // What is not well-formed is the router's 400, with a better sentence.
    if (segment && (*segment == "." || *segment == ".." || segment->find('\0') != std::string::npos)) return false;
    path.remove_prefix(end);
  }
  return true;
}

}  // namespace ehds::node::http
