#pragma once
// Finds the boundary lines of a multipart body (RFC 2046 5.1.1) in a source of any size, one window at a time. For the
// sources of this folder only.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"

namespace ehds::edelivery {

struct delimiter {
  std::uint64_t start = 0;  // of the line break before it
  std::uint64_t end = 0;    // first byte after its line
  bool closing = false;
};

class boundary_search {
 public:
  boundary_search(byte_source const& body, std::string_view boundary)
      : body_(body), dashed_("--" + std::string{boundary}) {}

  // The first boundary line at or after `from`; the content before it begins at `from`. Empty when there is none.
  result<std::optional<delimiter>> next(std::uint64_t from);

 private:
  result<std::optional<delimiter>> check(std::string_view window, std::uint64_t window_at, std::size_t found,
                                         std::uint64_t from);

  byte_source const& body_;
  std::string const dashed_;
  std::string window_space_;
  std::string line_space_;
};

}  // namespace ehds::edelivery
