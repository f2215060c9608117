#pragma once
// Writes multipart/related: binary parts in the order given, the SOAP envelope first.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::edelivery {

struct outgoing_part {
  std::string_view content_id;  // letters, digits, "-._@" only: some peers read "+" in cid: URIs as a blank
  std::string_view media_type;
  std::string_view body;
};

struct mime_text {
  std::string content_type;  // value of the HTTP header
  std::string body;
};

bool is_safe_content_id(std::string_view id);

// A bare application/soap+xml body when there are no parts. Chooses a random boundary.
// Problem: edelivery.mime.content_id (a name outside the safe letters).
result<mime_text> write_mime(std::string_view envelope, std::vector<outgoing_part> const& parts);

}  // namespace ehds::edelivery
