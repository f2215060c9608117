#include "edelivery/mime/part_headers.hpp"

#include <string>
#include <utility>

#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

problem bad_headers(std::string detail) {
  return {"edelivery.mime.headers", std::move(detail), "MIME part headers",
          "send headers as RFC 2045 section 3 writes them"};
}

std::string* known_field(part_headers& headers, std::string_view name) {
  auto const wanted = lower(name);
  if (wanted == "content-type") return &headers.content_type;
  if (wanted == "content-id") return &headers.content_id;
  if (wanted == "content-transfer-encoding") return &headers.transfer_encoding;
  return nullptr;
}

result<void> keep_field(part_headers& headers, std::string_view field) {
  auto const colon = field.find(':');
  if (colon == 0 || colon == std::string_view::npos) return bad_headers("a header line of a part has no name");
  auto const value = trimmed(field.substr(colon + 1));
  for (char const c : value) {
    if (c == '\0' || c == '\r') return bad_headers("a header of a part holds a control character");
  }
  std::string* const place = known_field(headers, trimmed(field.substr(0, colon)));
  if (place == nullptr) return {};
  if (!place->empty()) return bad_headers("a part gives one of its Content headers twice");
  *place = value;
  return {};
}

}  // namespace

result<headed_part> split_part(std::string_view bytes, std::size_t header_limit) {
  headed_part part;
  auto rest = bytes;
  std::string field;
  while (true) {
    if (rest.empty()) return bad_headers("a part has no empty line after its headers");
    auto const line = take_line(rest);
    if (bytes.size() - rest.size() > header_limit) {
      return bad_headers("the headers of a part are longer than the limit of " + std::to_string(header_limit) +
                         " bytes");
    }
    bool const folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (folded && !field.empty()) {
      field += ' ';
      field += trimmed(line);
      continue;
    }
    if (!field.empty()) {
      auto kept = keep_field(part.headers, field);
      if (!kept) return std::move(kept).error();
    }
    if (line.empty()) break;
    field = line;
  }
  part.body = rest;
  return part;
}

}  // namespace ehds::edelivery
