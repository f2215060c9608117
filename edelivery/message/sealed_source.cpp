#include "edelivery/message/sealed_source.hpp"

#include <algorithm>

namespace ehds::edelivery {

result<std::string_view> sealed_source::look(std::uint64_t at, std::size_t most, std::string& space) const {
  if (at != at_)
    return problem{"edelivery.pack.read_again", "A sealed message is read once, from its beginning to its end.",
                   "outbox", "Seal it anew."};
  space.clear();
  auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, size() - at_));
  while (space.size() < wanted) {
    if (left_.empty()) {
      auto const piece = sealed_->next();
      if (!piece) return piece.error();
      if (piece->empty()) return damaged_store();
      left_ = *piece;
    }
    auto const now = left_.substr(0, wanted - space.size());
    space.append(now);
    left_.remove_prefix(now.size());
  }
  at_ += space.size();
  return std::string_view{space};
}

}  // namespace ehds::edelivery
