#include "edelivery/mime/write_multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "base/ids.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";
constexpr std::string_view root_id = "soap@root";

void append_part(std::string& body, std::string_view boundary, outgoing_part const& part) {
  body.append("--").append(boundary).append("\r\nContent-Type: ").append(part.media_type);
  body.append("\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <").append(part.content_id);
  body.append(">\r\n\r\n").append(part.body).append("\r\n");
}

std::size_t expected_size(std::string_view envelope, std::vector<outgoing_part> const& parts) {
  constexpr std::size_t framing = 256;
  return std::accumulate(parts.begin(), parts.end(), envelope.size() + 2 * framing,
                         [](std::size_t sum, auto const& part) { return sum + part.body.size() + framing; });
}

}  // namespace

bool is_safe_content_id(std::string_view id) {
  constexpr std::string_view others = "-._@";
  return !id.empty() && id != root_id && id.size() <= 200 && std::ranges::all_of(id, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

result<mime_text> write_mime(std::string_view envelope, std::vector<outgoing_part> const& parts) {
  if (parts.empty()) return mime_text{std::string{soap_type}, std::string{envelope}};
  for (auto const& part : parts) {
    if (!is_safe_content_id(part.content_id)) {
      return problem{"edelivery.mime.content_id", "a Content-ID holds other characters than letters, digits and -._@",
                     std::string{part.content_id}, "name the part with letters, digits and -._@ only"};
    }
  }
  auto const boundary = "part_" + random_uuid();
  mime_text text;
  text.content_type = "multipart/related; boundary=\"" + boundary + "\"; type=\"application/soap+xml\"; start=\"<" +
                      std::string{root_id} + ">\"";
  text.body.reserve(expected_size(envelope, parts));
  append_part(text.body, boundary, {root_id, soap_type, envelope});
  for (auto const& part : parts) append_part(text.body, boundary, part);
  text.body.append("--").append(boundary).append("--\r\n");
  return text;
}

}  // namespace ehds::edelivery
