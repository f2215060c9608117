#include "edelivery/mime/multipart.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "edelivery/mime/boundary_search.hpp"
#include "edelivery/mime/content_type.hpp"
#include "edelivery/mime/part_headers.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

problem broken(std::string_view code, std::string detail) {
  return {"edelivery.mime." + std::string{code}, std::move(detail), "MIME body",
          "send multipart/related as RFC 2387 writes it"};
}

std::string_view without_brackets(std::string_view id) {
  if (id.size() >= 2 && id.front() == '<' && id.back() == '>') return id.substr(1, id.size() - 2);
  return id;
}

result<transfer_encoding> read_encoding(std::string_view text, std::uint64_t size, mime_limits const& limits) {
  auto const encoding = parse_transfer_encoding(text);
  if (!encoding || *encoding == transfer_encoding::identity || size <= limits.encoded_bytes) return encoding;
  return broken("transfer_encoding", "a part in base64 or quoted-printable is longer than the limit of " +
                                         std::to_string(limits.encoded_bytes) + " bytes");
}

// The bytes between two boundary lines.
result<laid_out_part> read_part(byte_source const& body, std::uint64_t from, std::uint64_t to,
                                mime_limits const& limits) {
  std::string space;
  auto const most = std::min<std::uint64_t>(to - from, limits.header_bytes + 1);
  auto const bytes = body.look(from, static_cast<std::size_t>(most), space);
  if (!bytes) return bytes.error();
  auto split = split_part(*bytes, limits.header_bytes);
  if (!split) return std::move(split).error();
  laid_out_part part;
  part.content_id = without_brackets(split->headers.content_id);
  if (!split->headers.content_type.empty()) {
    auto type = parse_content_type(split->headers.content_type);
    if (!type) return std::move(type).error();
    part.media_type = std::move(type->media_type);
  }
  if (part.media_type.starts_with("multipart/")) return broken("nested", "a part is itself multipart");
  part.at = from + (bytes->size() - split->body.size());
  part.size = to - part.at;
  auto const encoding = read_encoding(split->headers.transfer_encoding, part.size, limits);
  if (!encoding) return encoding.error();
  part.encoding = *encoding;
  return part;
}

result<void> check_new(std::vector<laid_out_part> const& before, laid_out_part const& part) {
  if (part.content_id.empty()) return {};
  bool const seen = std::ranges::any_of(before, [&](auto const& other) { return other.content_id == part.content_id; });
  if (seen) return broken("duplicate_content_id", "two parts have the same Content-ID");
  return {};
}

result<std::vector<laid_out_part>> read_parts(byte_source const& body, std::string_view boundary,
                                              mime_limits const& limits) {
  boundary_search search(body, boundary);
  auto at = search.next(0);
  if (!at) return std::move(at).error();
  if (!*at) return broken("boundary", "the boundary named by the Content-Type does not occur in the body");
  std::vector<laid_out_part> parts;
  while (!(*at)->closing) {
    auto const from = (*at)->end;
    if (parts.size() == limits.parts) {
      return broken("too_many_parts", "the body has more than " + std::to_string(limits.parts) + " parts");
    }
    at = search.next(from);
    if (!at) return std::move(at).error();
    if (!*at) return broken("truncated", "the body ends before its closing boundary");
    auto part = read_part(body, from, (*at)->start, limits);
    if (!part) return std::move(part).error();
    auto const fresh = check_new(parts, *part);
    if (!fresh) return fresh.error();
    parts.push_back(*std::move(part));
  }
  if (parts.empty()) return broken("no_parts", "the body has no parts");
  return parts;
}

// The part named by start; without start, or when start names none and the first part has no name, the first.
result<std::size_t> find_root(std::vector<laid_out_part> const& parts, std::string_view start) {
  if (start.empty()) return std::size_t{0};
  auto const found = std::ranges::find(parts, without_brackets(trimmed(start)), &laid_out_part::content_id);
  if (found != parts.end()) return static_cast<std::size_t>(found - parts.begin());
  if (parts.front().content_id.empty()) return std::size_t{0};
  return broken("start", "no part has the Content-ID that the start parameter names");
}

result<void> read_root(byte_source const& body, mime_limits const& limits, mime_layout& message) {
  if (message.root.size > limits.root_bytes) {
    return broken("too_large",
                  "the SOAP part is larger than the limit of " + std::to_string(limits.root_bytes) + " bytes");
  }
  auto space = std::make_shared<std::string>();
  auto const bytes = body.look(message.root.at, static_cast<std::size_t>(message.root.size), *space);
  if (!bytes) return bytes.error();
  message.root_bytes = *bytes;
  if (message.root.encoding != transfer_encoding::identity) {
    auto decoded = decode_transfer(message.root.encoding, *bytes);
    if (!decoded) return std::move(decoded).error();
    *space = *std::move(decoded);
    message.root_bytes = *space;
  }
  message.root_space = std::move(space);
  return {};
}

result<mime_layout> split_related(byte_source const& body, content_type const& type, mime_limits const& limits,
                                  mime_shape const& shape) {
  auto const boundary = type.parameter("boundary");
  if (boundary.empty()) return broken("boundary", "the Content-Type of a multipart body names no boundary");
  if (boundary.size() > limits.boundary) {
    return broken("boundary", "the boundary is longer than " + std::to_string(limits.boundary) + " characters");
  }
  auto parts = read_parts(body, boundary, limits);
  if (!parts) return std::move(parts).error();
  auto const root = find_root(*parts, type.parameter("start"));
  if (!root) return root.error();
  mime_layout message{.root = std::move((*parts)[*root]), .root_bytes = {}, .root_space = {}, .parts = {}};
  if (!message.root.media_type.empty() && message.root.media_type != shape.root) {
    return broken("not_soap", "the root part is not " + std::string{shape.root});
  }
  parts->erase(parts->begin() + static_cast<std::ptrdiff_t>(*root));
  message.parts = *std::move(parts);
  if (!shape.reads_root) return message;
  if (auto read = read_root(body, limits, message); !read) return std::move(read).error();
  return message;
}

// Views into the bytes, or what was decoded.
result<mime_part> in_memory(std::string_view body, laid_out_part const& part) {
  mime_part held{part.media_type, part.content_id, body.substr(part.at, part.size), nullptr};
  if (part.encoding == transfer_encoding::identity) return held;
  auto decoded = decode_transfer(part.encoding, held.body);
  if (!decoded) return std::move(decoded).error();
  held.decoded = std::make_shared<std::string const>(*std::move(decoded));
  held.body = *held.decoded;
  return held;
}

}  // namespace

result<mime_layout> lay_out_mime(std::string_view content_type, byte_source const& body, mime_limits const& limits,
                                 mime_shape const& shape) {
  if (body.size() > limits.bytes) {
    return broken("too_large", "the body is larger than the limit of " + std::to_string(limits.bytes) + " bytes");
  }
  auto const type = parse_content_type(content_type);
  if (!type) return type.error();
  if (type->media_type == "multipart/related") return split_related(body, *type, limits, shape);
  if (type->media_type != shape.bare) {
    return broken("not_soap", "the Content-Type is neither multipart/related nor " + std::string{shape.bare});
  }
  mime_layout message;
  message.root.media_type = type->media_type;
  message.root.size = body.size();
  if (!shape.reads_root) return message;
  if (auto read = read_root(body, limits, message); !read) return std::move(read).error();
  return message;
}

result<std::unique_ptr<byte_source>> content_of(byte_source const& body, laid_out_part const& part) {
  if (part.encoding == transfer_encoding::identity) {
    return std::unique_ptr<byte_source>(std::make_unique<source_range>(body, part.at, part.size));
  }
  std::string space;
  auto const bytes = body.look(part.at, static_cast<std::size_t>(part.size), space);
  if (!bytes) return bytes.error();
  auto decoded = decode_transfer(part.encoding, *bytes);
  if (!decoded) return std::move(decoded).error();
  return std::unique_ptr<byte_source>(std::make_unique<held_source>(*std::move(decoded)));
}

result<mime_message> parse_mime(std::string_view content_type, std::string_view body, mime_limits const& limits) {
  auto const layout = lay_out_mime(content_type, memory_source(body), limits);
  if (!layout) return layout.error();
  auto root = in_memory(body, layout->root);
  if (!root) return std::move(root).error();
  mime_message message{*std::move(root), {}};
  for (auto const& part : layout->parts) {
    auto held = in_memory(body, part);
    if (!held) return std::move(held).error();
    message.parts.push_back(*std::move(held));
  }
  return message;
}

}  // namespace ehds::edelivery
