#include "edelivery/message/payloads.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "edelivery/compression/gzip.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::array<std::string_view, 3> packing_properties{"MimeType", "CharacterSet", "CompressionType"};

problem payload_problem(std::string_view what, std::string detail, std::string_view which) {
  return {"edelivery.payload." + std::string{what}, std::move(detail), "cid:" + std::string{which},
          "send one MIME part for each PartInfo, with the Content-ID that its href names"};
}

// XML 1.0 4.3.3, which AS4 3.1 names for CharacterSet.
bool is_encoding_name(std::string_view name) {
  auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  auto const other = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || other(c); });
}

result<std::string> unpack(part_info const& info, std::string packed, gunzip_limits const& limits) {
  auto const type = info.property("CompressionType");
  if (type.empty()) return packed;
  if (type != gzip_type) {
    return problem{"edelivery.compression.type", "a part has a CompressionType other than application/gzip",
                   "cid:" + info.content_id, "compress parts with application/gzip"};
  }
  if (info.property("MimeType").empty()) {
    return problem{"edelivery.compression.mime_type", "a compressed part has no MimeType", "cid:" + info.content_id,
                   "add the part property MimeType (AS4 3.1)"};
  }
  auto plain = gunzip(packed, limits);
  if (plain) return plain;
  auto why = std::move(plain).error();
  why.where = "cid:" + info.content_id;
  return why;
}

result<received_part> receive(part_info const& info, payload_part part, gunzip_limits const& limits) {
  received_part got;
  got.content_id = info.content_id;
  got.character_set = info.property("CharacterSet");
  if (!got.character_set.empty() && !is_encoding_name(got.character_set)) {
    return problem{"edelivery.value.unknown_character_set", "the CharacterSet of a part is not the name of an encoding",
                   "cid:" + info.content_id, "name the encoding as XML 1.0 section 4.3.3 does"};
  }
  got.mime_type = info.property("MimeType");
  if (got.mime_type.empty()) got.mime_type = part.mime_type;
  std::ranges::copy_if(info.properties, std::back_inserter(got.properties), [](message_property const& each) {
    return std::ranges::find(packing_properties, each.name) == packing_properties.end();
  });
  auto plain = unpack(info, std::move(part.body), limits);
  if (!plain) return std::move(plain).error();
  got.bytes = *std::move(plain);
  return got;
}

}  // namespace

result<std::vector<payload_part>> match_payloads(std::vector<part_info> const& listed,
                                                 std::vector<mime_part> const& parts) {
  std::vector<payload_part> matched;
  for (auto const& part : parts) {
    if (part.content_id.empty()) return payload_problem("unnamed", "a MIME part has no Content-ID", "");
    if (std::ranges::find(listed, part.content_id, &part_info::content_id) == listed.end()) {
      return payload_problem("unlisted", "a MIME part is not named by eb:PayloadInfo", part.content_id);
    }
    matched.push_back({part.content_id, part.media_type, std::string{part.body}});
  }
  for (auto const& info : listed) {
    if (std::ranges::find(parts, info.content_id, &mime_part::content_id) == parts.end()) {
      return payload_problem("missing", "a part named by eb:PayloadInfo is not in the message", info.content_id);
    }
  }
  return matched;
}

result<std::vector<received_part>> unpack_payloads(std::vector<part_info> const& listed,
                                                   std::vector<payload_part> parts, gunzip_limits const& limits) {
  std::vector<received_part> received;
  for (auto const& info : listed) {
    auto const part = std::ranges::find(parts, info.content_id, &payload_part::content_id);
    if (part == parts.end())
      return payload_problem("missing", "a part is not in the verified message", info.content_id);
    auto got = receive(info, std::move(*part), limits);
    if (!got) return std::move(got).error();
    received.push_back(*std::move(got));
  }
  return received;
}

}  // namespace ehds::edelivery
