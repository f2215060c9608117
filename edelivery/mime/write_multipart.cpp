#include "edelivery/mime/write_multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "base/ids.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";
constexpr std::string_view root_id = "soap@root";

std::string part_head(std::string_view boundary, std::string_view content_id, std::string_view media_type) {
  std::string head = "--";
  head.append(boundary).append("\r\nContent-Type: ").append(media_type);
  head.append("\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <").append(content_id);
  return head.append(">\r\n\r\n");
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

multipart_frame::multipart_frame() : boundary_("part_" + random_uuid()) {}

std::string multipart_frame::content_type() const {
  return "multipart/related; boundary=\"" + boundary_ + "\"; type=\"application/soap+xml\"; start=\"<" +
         std::string{root_id} + ">\"";
}

std::string multipart_frame::begin_root() const { return part_head(boundary_, root_id, soap_type); }

result<std::string> multipart_frame::begin_part(std::string_view content_id, std::string_view media_type) const {
  if (is_safe_content_id(content_id)) return part_head(boundary_, content_id, media_type);
  return problem{"edelivery.mime.content_id", "a Content-ID holds other characters than letters, digits and -._@",
                 std::string{content_id}, "name the part with letters, digits and -._@ only"};
}

std::string multipart_frame::end() const { return "--" + boundary_ + "--\r\n"; }

result<mime_text> write_mime(std::string_view envelope, std::vector<outgoing_part> const& parts) {
  if (parts.empty()) return mime_text{std::string{soap_type}, std::string{envelope}};
  multipart_frame const frame;
  mime_text text{frame.content_type(), {}};
  text.body.reserve(expected_size(envelope, parts));
  text.body.append(frame.begin_root()).append(envelope).append("\r\n");
  for (auto const& part : parts) {
    auto const begin = frame.begin_part(part.content_id, part.media_type);
    if (!begin) return begin.error();
    text.body.append(*begin).append(part.body).append("\r\n");
  }
  text.body.append(frame.end());
  return text;
}

}  // namespace ehds::edelivery
