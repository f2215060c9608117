#pragma once
// Where the owner puts received payload parts that are too large for memory, while nobody may read them yet: private
// files, say. The owner takes them over when open_message has accepted the message, and removes them otherwise.
#include <cstdint>
#include <string_view>

#include "base/byte_source.hpp"

namespace ehds::edelivery {

class part_shelf {
 public:
  virtual ~part_shelf() = default;
  // A place for one part, which lives as long as the shelf. Problems of it and of its sink mean that we cannot take the
  // message now (EBMS:0202).
  virtual result<byte_sink*> place(std::string_view content_id) = 0;
};

inline constexpr std::uint64_t held_part_limit = 256 * 1024;  // larger parts are put on the shelf, when there is one

}  // namespace ehds::edelivery
