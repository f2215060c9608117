#pragma once
// gzip (RFC 1952) as AS4 3.1 compresses payload parts. Decompression is bounded in bytes and in ratio,
// and stops at the first byte over a limit.
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

struct gunzip_limits {
  std::size_t bytes = 64 * 1024 * 1024;  // of the unpacked part
  std::size_t ratio = 200;               // unpacked to packed, beyond the first `free_bytes`
  std::size_t free_bytes = 1024 * 1024;  // small parts may be as repetitive as they like
};

// The same bytes give the same result: no time, no name in the header.
std::string gzip(std::string_view bytes);

// One gzip member and nothing after it. Problems (all EBMS:0303 to the peer): edelivery.compression.damaged,
// .truncated, .trailing_bytes, .too_large, .ratio.
result<std::string> gunzip(std::string_view packed, gunzip_limits const& limits = {});

}  // namespace ehds::edelivery
