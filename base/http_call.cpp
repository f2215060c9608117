#include "base/http_call.hpp"

#include <algorithm>
#include <cctype>

namespace ehds {

std::string http_call_response::header(std::string_view name) const {
  auto const same = [name](http_header const& h) {
    return std::ranges::equal(h.name, name,
                              [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  };
  auto const found = std::ranges::find_if(headers, same);
  return found == headers.end() ? std::string{} : found->value;
}

streamed_body streamed(byte_source const& from) {
  return {from.size(), [&from, at = std::uint64_t{0}, space = std::string()]() mutable -> result<std::string_view> {
            auto const piece = from.look(at, source_piece, space);
            if (piece && piece->empty() && at < from.size()) return source_short();
            if (piece) at += piece->size();
            return piece;
          }};
}

result<std::string> whole_body(http_call_request const& request) {
  if (!request.stream) return request.body;
  std::string whole;
  while (true) {
    auto const piece = request.stream->next();
    if (!piece) return piece.error();
    if (piece->empty()) return whole;
    whole.append(*piece);
  }
}

result<http_call_response> spooled(http_call_request const& request, http_call_response answer) {
  if (!request.spool || answer.body.size() < spooled_answer_from) return answer;
  auto const place = request.spool();
  if (!place) return place.error();
  if (auto const added = (*place)->add(answer.body); !added) return added.error();
  answer.body.clear();
  answer.is_spooled = true;
  return answer;
}

}  // namespace ehds
