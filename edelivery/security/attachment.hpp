#pragma once
// Attachment-Content-Signature-Transform of the WSS SwA profile 1.1: which octets of a payload are digested.
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

// SHA-256 over the canonical form for XML media types (application/xml, text/xml, +xml), over CRLF line ends for other
// text, over the bytes as they are for everything else. Problem edelivery.policy.payload_xml: a part that
// claims to be XML is none, has a DTD or is beyond the limits.
result<std::string> attachment_digest(std::string_view mime_type, std::string_view body);

// The same in pieces. Bytes and text need no memory; XML is collected, up to a limit, because its canonical form needs
// the whole.
class attachment_digest_stream {
 public:
  explicit attachment_digest_stream(std::string_view mime_type);
  ~attachment_digest_stream();
  attachment_digest_stream(attachment_digest_stream&&) noexcept;
  attachment_digest_stream& operator=(attachment_digest_stream&&) noexcept;

  void add(std::string_view bytes);
  result<std::string> finish();  // once

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ehds::edelivery
