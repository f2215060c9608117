#include "edelivery/message/saved_message.hpp"

#include <algorithm>

#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view soap_type = "application/soap+xml";

bool is_http_start(std::string_view line) {
  return line.starts_with("HTTP/") || line.starts_with("POST ") || line.starts_with("PUT ");
}

bool is_header_line(std::string_view line) {
  auto const colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 && std::ranges::all_of(line.substr(0, colon), is_token_character);
}

// "--name" on the first line that is not empty is a boundary; "<" begins XML.
std::string guess(std::string_view body) {
  auto rest = trimmed(body);
  if (rest.starts_with("\xEF\xBB\xBF")) rest = trimmed(rest.substr(3));
  if (rest.starts_with("<")) return std::string{soap_type};
  if (!rest.starts_with("--")) return {};
  auto const boundary = trimmed(take_line(rest)).substr(2);
  if (boundary.empty() || boundary.find('"') != std::string_view::npos) return {};
  return "multipart/related; boundary=\"" + std::string{boundary} + "\"";
}

}  // namespace

saved_message split_saved(std::string_view bytes) {
  auto rest = bytes;
  auto line = take_line(rest);
  if (is_http_start(line)) line = take_line(rest);
  if (!is_header_line(line)) return {guess(bytes), bytes};
  std::string content_type;
  bool continues = false;
  for (; !line.empty(); line = take_line(rest)) {
    bool const folded = line.front() == ' ' || line.front() == '\t';
    if (folded && continues) content_type.append(" ").append(trimmed(line));
    if (folded) continue;
    auto const colon = line.find(':');
    continues = colon != std::string_view::npos && lower(line.substr(0, colon)) == "content-type";
    if (continues) content_type = trimmed(line.substr(colon + 1));
  }
  if (content_type.empty()) content_type = guess(rest);
  return {content_type, rest};
}

}  // namespace ehds::edelivery
