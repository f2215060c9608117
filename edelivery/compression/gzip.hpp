#pragma once
// gzip (RFC 1952) as AS4 3.1 compresses payload parts. Decompression is bounded in bytes and in ratio,
// and stops at the first byte over a limit.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"
#include "base/result.hpp"

namespace ehds::edelivery {

struct gunzip_limits {
  std::uint64_t bytes = 64 * 1024 * 1024;  // of the unpacked part
  std::uint64_t ratio = 200;               // unpacked to packed, beyond the first `free_bytes`
  std::uint64_t free_bytes = 1024 * 1024;  // small parts may be as repetitive as they like
};

// The same bytes give the same result: no time, no name in the header. Who unpacks with the limits takes what was
// packed within their ratio (of 16 and more), however repetitive: what would shrink too far is coded more loosely.
std::string gzip(std::string_view bytes, std::optional<gunzip_limits> const& within = {});

// One gzip member and nothing after it. Problems (all EBMS:0303 to the peer): edelivery.compression.damaged,
// .truncated, .trailing_bytes, .too_large, .ratio.
result<std::string> gunzip(std::string_view packed, gunzip_limits const& limits = {});

// The two in pieces of any size, with memory for one buffer.
class gzip_stream {
 public:
  explicit gzip_stream(std::optional<gunzip_limits> const& within = {});
  ~gzip_stream();
  result<void> add(std::string_view bytes, byte_sink& out);
  result<void> finish(byte_sink& out);  // once

 private:
  struct state;
  std::unique_ptr<state> state_;
};

class gunzip_stream {
 public:
  // The ratio is measured against all packed bytes that are to come.
  gunzip_stream(std::uint64_t packed_size, gunzip_limits const& limits);
  ~gunzip_stream();
  // After a problem, its own or the sink's, nothing more may be added.
  result<void> add(std::string_view packed, byte_sink& out);
  result<void> finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ehds::edelivery
