#include "base/bytes.hpp"
#include "edelivery/backend/payload_elements.hpp"
#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::backend {

result<void> decode_base64(byte_source const& text, byte_sink& into) {
  constexpr std::size_t most = 64 * 1024;  // whole groups of four
  std::string group;
  group.reserve(most);
  bool is_over = false;
  auto const give = [&]() -> result<void> {
    auto const bytes = from_base64(group);
    if (!bytes || (is_over && !group.empty())) return bad_payload("the value of a payload is not base64", "value");
    is_over = group.ends_with('=');
    group.clear();
    return into.add(*bytes);
  };
  auto const take = [&](std::string_view piece) -> result<void> {
    for (char const c : piece) {
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
      group += c;
      if (group.size() == most)
        if (auto given = give(); !given) return given;
    }
    return {};
  };
  if (auto read = each_piece(text, take); !read) return read;
  return group.empty() ? result<void>{} : give();
}

}  // namespace ehds::edelivery::backend
