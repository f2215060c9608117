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

// The framing alone, for bodies that are written piece by piece: content_type() goes into the HTTP header; then for
// each part, in any order, begin_part, its content, "\r\n"; last of all end().
class multipart_frame {
 public:
  multipart_frame();  // with a random boundary
  std::string content_type() const;
  std::string begin_root() const;  // of the SOAP envelope
  // Problem edelivery.mime.content_id, as write_mime.
  result<std::string> begin_part(std::string_view content_id, std::string_view media_type) const;
  std::string end() const;

 private:
  std::string boundary_;
};

bool is_safe_content_id(std::string_view id);

// A bare application/soap+xml body when there are no parts. Chooses a random boundary.
// Problem: edelivery.mime.content_id (a name outside the safe letters).
result<mime_text> write_mime(std::string_view envelope, std::vector<outgoing_part> const& parts);

}  // namespace ehds::edelivery
