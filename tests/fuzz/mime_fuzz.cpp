// MIME as it comes from the network: the first line is the Content-Type, the rest the body. Whatever comes, an
// answer; and every view points into the bytes given.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/compression/gzip.hpp"
#include "edelivery/message/saved_message.hpp"
#include "edelivery/mime/multipart.hpp"

using namespace ehds::edelivery;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_part(mime_part const& part, std::string_view body) {
  demand(inside(part.body, part.decoded ? std::string_view{*part.decoded} : body));
  (void)gunzip(part.body, {.bytes = 1 << 20, .ratio = 100, .free_bytes = 1 << 16});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  // Exactly sized on the heap, so that a read past the end is seen.
  std::vector<char> const exact{bytes, bytes + size};
  std::string_view const input{exact.data(), exact.size()};
  (void)split_saved(input);
  auto const end = input.find('\n');
  auto const type = input.substr(0, end);
  auto const body = end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
  mime_limits const limits{.bytes = 1 << 20, .parts = 8, .header_bytes = 256, .boundary = 70};
  auto const parsed = parse_mime(type, body, limits);
  if (!parsed) {
    demand(parsed.error().code.starts_with("edelivery.mime."));
    return 0;
  }
  demand(parsed->parts.size() < limits.parts);
  check_part(parsed->root, body);
  for (auto const& part : parsed->parts) check_part(part, body);
  return 0;
}
