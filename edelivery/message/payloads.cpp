#include "edelivery/message/payloads.hpp"

#include <algorithm>
#include <array>
#include <optional>
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

bool is_packed(part_info const& info) { return !info.property("CompressionType").empty(); }

result<void> check_packing(part_info const& info) {
  if (!is_packed(info)) return {};
  if (info.property("CompressionType") != gzip_type) {
    return problem{"edelivery.compression.type", "a part has a CompressionType other than application/gzip",
                   "cid:" + info.content_id, "compress parts with application/gzip"};
  }
  if (!info.property("MimeType").empty()) return {};
  return problem{"edelivery.compression.mime_type", "a compressed part has no MimeType", "cid:" + info.content_id,
                 "add the part property MimeType (AS4 3.1)"};
}

result<received_part> describe_received(part_info const& info, part_terms const& how) {
  received_part got;
  got.content_id = info.content_id;
  got.character_set = info.property("CharacterSet");
  if (!got.character_set.empty() && !is_encoding_name(got.character_set)) {
    return problem{"edelivery.value.unknown_character_set", "the CharacterSet of a part is not the name of an encoding",
                   "cid:" + info.content_id, "name the encoding as XML 1.0 section 4.3.3 does"};
  }
  got.mime_type = info.property("MimeType");
  if (got.mime_type.empty()) got.mime_type = how.mime_type;
  std::ranges::copy_if(info.properties, std::back_inserter(got.properties), [](message_property const& each) {
    return std::ranges::find(packing_properties, each.name) == packing_properties.end();
  });
  return got;
}

// Holds a part in memory until it is too large for that, then puts it on the shelf.
class collector final : public byte_sink {
 public:
  collector(received_part& part, part_shelf* shelf) : part_(part), shelf_(shelf) {}

  result<void> add(std::string_view bytes) override {
    part_.size += bytes.size();
    if (place_ == nullptr && (shelf_ == nullptr || part_.size <= held_part_limit)) {
      part_.bytes.append(bytes);
      return {};
    }
    if (place_ == nullptr) {
      auto begun = begin();
      if (!begun) return failed(begun.error());
    }
    auto kept = place_->add(bytes);
    return kept ? kept : failed(kept.error());
  }
  bool has_failed() const { return has_failed_; }

 private:
  result<void> begin() {
    auto const place = shelf_->place(part_.content_id);
    if (!place) return place.error();
    place_ = *place;
    part_.is_shelved = true;
    auto kept = place_->add(part_.bytes);
    std::string().swap(part_.bytes);
    return kept;
  }
  problem failed(problem const& why) {
    has_failed_ = true;
    return {"edelivery.storage.part", "a part cannot be stored: " + why.detail, "cid:" + part_.content_id, why.mend};
  }

  received_part& part_;
  part_shelf* shelf_;
  byte_sink* place_ = nullptr;
  bool has_failed_ = false;
};

// The pass over one part. What unpacking finds wrong is said only when tag and digest are good: before that the bytes
// may be anybody's. How long unpacking takes tells of them too, so a part that memory may hold waits for its tag;
// larger ones are unpacked on the way, so that nothing is written twice.
class one_pass {
 public:
  one_pass(part_info const& info, part_terms const& how, std::uint64_t packed_size, gunzip_limits const& limits,
           collector& out)
      : info_(info), opening_(how), out_(out), waits_(is_packed(info) && packed_size <= held_part_limit) {
    if (is_packed(info)) unpacker_.emplace(packed_size, limits);
  }

  result<void> add(std::string_view sealed) {
    auto const plain = opening_.add(sealed);
    if (waits_) packed_.append(plain);
    if (waits_ || !unpacked_) return {};
    unpacked_ = unpacker_ ? unpacker_->add(plain, out_) : out_.add(plain);
    return out_.has_failed() ? unpacked_ : result<void>{};
  }

  result<void> finish() {
    if (auto proven = opening_.finish(); !proven) return proven;
    if (waits_) unpacked_ = unpacker_->add(packed_, out_);
    if (unpacked_ && unpacker_) unpacked_ = unpacker_->finish();
    if (unpacked_ || out_.has_failed()) return unpacked_;
    auto why = unpacked_.error();
    why.where = "cid:" + info_.content_id;
    return why;
  }

 private:
  part_info const& info_;
  part_opening opening_;
  std::optional<gunzip_stream> unpacker_;
  collector& out_;
  bool waits_;
  std::string packed_;
  result<void> unpacked_;
};

result<received_part> open_one(part_info const& info, byte_source const& body, laid_out_part const& part,
                               part_terms const& how, gunzip_limits const& limits, part_shelf* shelf) {
  if (auto good = check_packing(info); !good) return std::move(good).error();
  auto got = describe_received(info, how);
  if (!got) return got;
  auto const content = content_of(body, part);
  if (!content) return content.error();
  collector out(*got, shelf);
  one_pass pass(info, how, (*content)->size(), limits, out);
  if (auto read = each_piece(**content, [&](std::string_view piece) { return pass.add(piece); }); !read) {
    return std::move(read).error();
  }
  if (auto good = pass.finish(); !good) return std::move(good).error();
  return got;
}

}  // namespace

bool is_encoding_name(std::string_view name) {
  auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  auto const other = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || other(c); });
}

result<std::vector<announced_part>> match_payloads(std::vector<part_info> const& listed,
                                                   std::vector<laid_out_part> const& parts) {
  std::vector<announced_part> matched;
  for (auto const& part : parts) {
    if (part.content_id.empty()) return payload_problem("unnamed", "a MIME part has no Content-ID", "");
    if (std::ranges::find(listed, part.content_id, &part_info::content_id) == listed.end()) {
      return payload_problem("unlisted", "a MIME part is not named by eb:PayloadInfo", part.content_id);
    }
    matched.push_back({part.content_id, part.media_type});
  }
  for (auto const& info : listed) {
    if (std::ranges::find(parts, info.content_id, &laid_out_part::content_id) == parts.end()) {
      return payload_problem("missing", "a part named by eb:PayloadInfo is not in the message", info.content_id);
    }
  }
  return matched;
}

result<std::vector<received_part>> open_payloads(std::vector<part_info> const& listed, sealed_parts const& sealed,
                                                 gunzip_limits const& limits, part_shelf* shelf) {
  std::vector<received_part> received;
  for (auto const& info : listed) {
    auto const part = std::ranges::find(sealed.parts, info.content_id, &laid_out_part::content_id);
    if (part == sealed.parts.end())
      return payload_problem("missing", "a part is not in the verified message", info.content_id);
    auto const& how = sealed.terms.at(static_cast<std::size_t>(part - sealed.parts.begin()));
    auto got = open_one(info, sealed.body, *part, how, limits, shelf);
    if (!got) return std::move(got).error();
    received.push_back(*std::move(got));
  }
  return received;
}

}  // namespace ehds::edelivery
