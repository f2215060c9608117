#include "node/http/url.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "node/http/headers.hpp"

namespace ehds::node::http {

namespace {

constexpr std::uint16_t usual_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

problem no_url(char const* why) {
  return {"http.url", std::string{"The address "} + why + ".", "", "Write it as https://host:port/path."};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// "[::1]:80", "host:80", "host"
result<void> split_authority(std::string_view text, url& into) {
  auto rest = text;
  if (rest.starts_with('[')) {
    auto const end = rest.find(']');
    if (end == std::string_view::npos) return no_url("has no closing bracket");
    into.host = std::string{rest.substr(1, end - 1)};
    rest.remove_prefix(end + 1);
    if (into.host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos) return no_url("names no host");
  } else {
    auto const end = std::min(rest.find(':'), rest.size());
    into.host = std::string{rest.substr(0, end)};
    rest.remove_prefix(end);
    if (!std::ranges::all_of(into.host, is_host_character)) return no_url("names no host");
  }
  if (into.host.empty()) return no_url("names no host");
  if (rest.empty()) return {};
  auto const port = rest.starts_with(':') ? parse_number<std::uint16_t>(rest.substr(1)) : std::nullopt;
  if (!port || *port == 0) return no_url("has no valid port");
  into.port = *port;
  return {};
}

}  // namespace

std::string url::authority() const {
  auto text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != usual_port(scheme)) text += ":" + std::to_string(port);
  return text;
}

result<url> parse_url(std::string_view text) {
  url parts;
  auto const mark = text.find("://");
  if (mark == std::string_view::npos) return no_url("is not absolute");
  parts.scheme = same_name(text.substr(0, mark), "https") ? "https" : "http";
  if (parts.scheme == "http" && !same_name(text.substr(0, mark), "http")) return no_url("is neither http nor https");
  parts.port = usual_port(parts.scheme);
  auto rest = text.substr(mark + 3);
  rest = rest.substr(0, rest.find('#'));
  auto const end = std::min(rest.find_first_of("/?"), rest.size());
  if (rest.substr(0, end).find('@') != std::string_view::npos) return no_url("holds a user name or password");
  if (auto const split = split_authority(rest.substr(0, end), parts); !split) return split.error();
  parts.target = std::string{rest.substr(end)};
  if (!parts.target.starts_with('/')) parts.target.insert(0, "/");
  auto const fine = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::ranges::all_of(parts.target, fine)) return no_url("holds characters that must be percent-encoded");
  return parts;
}

}  // namespace ehds::node::http
