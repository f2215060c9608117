#pragma once
// ZIP files from strangers, read into memory within limits, and our own written so that equal content gives
// equal bytes.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::access {

struct zip_entry {
  std::string name;
  std::string bytes;
};

struct zip_limits {
  std::size_t archive_bytes = 32 * 1024 * 1024;
  std::size_t entries = 200;
  std::size_t entry_bytes = 24 * 1024 * 1024;  // unpacked
  std::size_t total_bytes = 64 * 1024 * 1024;  // unpacked, all together
  std::size_t ratio = 200;                     // unpacked to packed, for entries above 64 KB
};

// Folders are skipped. Sizes are counted while unpacking, never believed. Problems: access.zip.syntax, .too_large,
// .bomb, .name (absolute, "..", backslash, control character, symbolic link), .collision (two names that a file system
// could take for one), .encrypted, .method.
result<std::vector<zip_entry>> read_zip(std::string_view bytes, zip_limits const& limits = {});

std::string write_zip(std::vector<zip_entry> const& entries);

}  // namespace ehds::node::access
