#include "edelivery/mime/multipart.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "edelivery/mime/content_type.hpp"
#include "edelivery/mime/part_headers.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/mime/transfer_encoding.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view soap_type = "application/soap+xml";

problem broken(std::string_view code, std::string detail) {
  return {"edelivery.mime." + std::string{code}, std::move(detail), "MIME body",
          "send multipart/related as RFC 2387 writes it"};
}

struct delimiter {
  std::size_t start = 0;  // of the line break before it
  std::size_t end = 0;    // first byte after its line
  bool closing = false;
};

// Reads what follows "--boundary": nothing, when this is only a longer word that starts the same.
std::optional<delimiter> complete_delimiter(std::string_view body, std::size_t start, std::size_t after) {
  delimiter found{start, after, false};
  if (body.substr(after, 2) == "--") {
    found.closing = true;
    found.end += 2;
  }
  while (found.end < body.size() && (body[found.end] == ' ' || body[found.end] == '\t')) ++found.end;
  if (found.closing) return found;  // whatever follows is the epilogue
  if (body.substr(found.end, 2) == "\r\n") return delimiter{start, found.end + 2, false};
  if (body.substr(found.end, 1) == "\n") return delimiter{start, found.end + 1, false};
  return std::nullopt;
}

std::optional<delimiter> next_delimiter(std::string_view body, std::string_view dashed, std::size_t from) {
  for (auto at = body.find(dashed, from); at != std::string_view::npos; at = body.find(dashed, at + 1)) {
    if (at != 0 && body[at - 1] != '\n') continue;
    std::size_t start = at;
    if (start > from && body[start - 1] == '\n') --start;
    if (start > from && body[start] == '\n' && body[start - 1] == '\r') --start;
    if (auto found = complete_delimiter(body, start, at + dashed.size())) return found;
  }
  return std::nullopt;
}

std::string_view without_brackets(std::string_view id) {
  if (id.size() >= 2 && id.front() == '<' && id.back() == '>') return id.substr(1, id.size() - 2);
  return id;
}

result<mime_part> read_part(std::string_view bytes, mime_limits const& limits) {
  auto split = split_part(bytes, limits.header_bytes);
  if (!split) return std::move(split).error();
  mime_part part;
  part.content_id = without_brackets(split->headers.content_id);
  if (!split->headers.content_type.empty()) {
    auto type = parse_content_type(split->headers.content_type);
    if (!type) return std::move(type).error();
    part.media_type = std::move(type->media_type);
  }
  if (part.media_type.starts_with("multipart/")) return broken("nested", "a part is itself multipart");
  auto const encoding = parse_transfer_encoding(split->headers.transfer_encoding);
  if (!encoding) return encoding.error();
  part.body = split->body;
  if (*encoding != transfer_encoding::identity) {
    auto decoded = decode_transfer(*encoding, split->body);
    if (!decoded) return std::move(decoded).error();
    part.decoded = std::make_shared<std::string const>(*std::move(decoded));
    part.body = *part.decoded;
  }
  return part;
}

result<void> check_new(std::vector<mime_part> const& before, mime_part const& part) {
  if (part.content_id.empty()) return {};
  bool const seen = std::ranges::any_of(before, [&](auto const& other) { return other.content_id == part.content_id; });
  if (seen) return broken("duplicate_content_id", "two parts have the same Content-ID");
  return {};
}

result<std::vector<mime_part>> read_parts(std::string_view body, std::string_view boundary, mime_limits const& limits) {
  auto const dashed = "--" + std::string{boundary};
  auto at = next_delimiter(body, dashed, 0);
  if (!at) return broken("boundary", "the boundary named by the Content-Type does not occur in the body");
  std::vector<mime_part> parts;
  while (!at->closing) {
    auto const next = next_delimiter(body, dashed, at->end);
    if (!next) return broken("truncated", "the body ends before its closing boundary");
    if (parts.size() == limits.parts) {
      return broken("too_many_parts", "the body has more than " + std::to_string(limits.parts) + " parts");
    }
    auto part = read_part(body.substr(at->end, next->start - at->end), limits);
    if (!part) return std::move(part).error();
    auto const fresh = check_new(parts, *part);
    if (!fresh) return fresh.error();
    parts.push_back(*std::move(part));
    at = next;
  }
  if (parts.empty()) return broken("no_parts", "the body has no parts");
  return parts;
}

// The part named by start; without start, or when start names none and the first part has no name, the first.
result<std::size_t> find_root(std::vector<mime_part> const& parts, std::string_view start) {
  if (start.empty()) return std::size_t{0};
  auto const found = std::ranges::find(parts, without_brackets(trimmed(start)), &mime_part::content_id);
  if (found != parts.end()) return static_cast<std::size_t>(found - parts.begin());
  if (parts.front().content_id.empty()) return std::size_t{0};
  return broken("start", "no part has the Content-ID that the start parameter names");
}

result<mime_message> split_related(std::string_view body, content_type const& type, mime_limits const& limits) {
  auto const boundary = type.parameter("boundary");
  if (boundary.empty()) return broken("boundary", "the Content-Type of a multipart body names no boundary");
  if (boundary.size() > limits.boundary) {
    return broken("boundary", "the boundary is longer than " + std::to_string(limits.boundary) + " characters");
  }
  auto parts = read_parts(body, boundary, limits);
  if (!parts) return std::move(parts).error();
  auto const root = find_root(*parts, type.parameter("start"));
  if (!root) return root.error();
  mime_message message{std::move((*parts)[*root]), {}};
  if (!message.root.media_type.empty() && message.root.media_type != soap_type) {
    return broken("not_soap", "the root part is not application/soap+xml");
  }
  parts->erase(parts->begin() + static_cast<std::ptrdiff_t>(*root));
  message.parts = *std::move(parts);
  return message;
}

}  // namespace

result<mime_message> parse_mime(std::string_view content_type, std::string_view body, mime_limits const& limits) {
  if (body.size() > limits.bytes) {
    return broken("too_large", "the body is larger than the limit of " + std::to_string(limits.bytes) + " bytes");
  }
  auto const type = parse_content_type(content_type);
  if (!type) return type.error();
  if (type->media_type == soap_type) return mime_message{{type->media_type, {}, body, nullptr}, {}};
  if (type->media_type == "multipart/related") return split_related(body, *type, limits);
  return broken("not_soap", "the Content-Type is neither multipart/related nor application/soap+xml");
}

}  // namespace ehds::edelivery
