#pragma once
// multipart/related bodies (RFC 2046 5.1, RFC 2387) as SOAP with attachments uses them, taken apart
// under limits. Also a bare SOAP body, which is a message with a root and no parts.
//
// Tolerant where peers differ: no start parameter, a root without Content-ID, folded headers, preamble,
// epilogue, LF line ends. Strict where a difference could hide something: no closing boundary,
// two parts of one Content-ID, nested multipart, a header given twice.
//
// lay_out_mime reads the body where it lies, with memory for the root and one piece of the rest; parse_mime is the same
// for a body that is in memory already.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "edelivery/mime/transfer_encoding.hpp"

namespace ehds::edelivery {

struct mime_limits {
  std::uint64_t bytes = 256 * 1024 * 1024;       // of the whole body
  std::size_t parts = 64;                        // root included
  std::size_t header_bytes = 16 * 1024;          // of one part
  std::size_t boundary = 70;                     // RFC 2046 5.1.1
  std::size_t root_bytes = 6 * 1024 * 1024;      // of the SOAP envelope
  std::size_t encoded_bytes = 16 * 1024 * 1024;  // of a part in base64 or quoted-printable, which is decoded in memory
};

// One part: where its content lies in the body, and in which transfer encoding.
struct laid_out_part {
  std::string media_type;  // lower case, no parameters; empty when the part has no Content-Type
  std::string content_id;  // without angle brackets; empty when absent
  transfer_encoding encoding = transfer_encoding::identity;
  std::uint64_t at = 0;
  std::uint64_t size = 0;
};

struct mime_layout {
  laid_out_part root;                             // the SOAP envelope
  std::string_view root_bytes;                    // its content
  std::shared_ptr<std::string const> root_space;  // where root_bytes points to, unless into the source
  std::vector<laid_out_part> parts;               // the others, in the order of the body
};

// What the body may be: a multipart/related with such a root, or the root's type `bare` alone. AS4 unless said
// otherwise.
struct mime_shape {
  std::string_view root = "application/soap+xml";
  std::string_view bare = "application/soap+xml";
  bool reads_root = true;  // false: root_bytes stays empty, and content_of reads a root of whatever size
};

// `content_type` is the value of the HTTP header. Problems: edelivery.mime.content_type, .not_soap, .boundary,
// .too_large, .too_many_parts, .headers, .truncated, .nested, .duplicate_content_id, .no_parts, .start,
// .transfer_encoding; and edelivery.storage.unreadable when the source cannot be read.
result<mime_layout> lay_out_mime(std::string_view content_type, byte_source const& body, mime_limits const& limits = {},
                                 mime_shape const& shape = {});

// The content of a part with its transfer encoding undone. `body` outlives it. Problem
// edelivery.mime.transfer_encoding.
result<std::unique_ptr<byte_source>> content_of(byte_source const& body, laid_out_part const& part);

// One part in memory. `body` points into the bytes given to parse_mime (which must outlive it) or into `decoded`.
struct mime_part {
  std::string media_type;
  std::string content_id;
  std::string_view body;
  std::shared_ptr<std::string const> decoded;  // set only when a transfer encoding was undone
};

struct mime_message {
  mime_part root;                // the SOAP envelope
  std::vector<mime_part> parts;  // the others, in the order of the body
};

result<mime_message> parse_mime(std::string_view content_type, std::string_view body, mime_limits const& limits = {});

// The parts would point into a body that is gone.
template <class Text>
  requires std::same_as<Text, std::string>
result<mime_message> parse_mime(std::string_view content_type, Text&& body, mime_limits const& limits = {}) = delete;

}  // namespace ehds::edelivery
