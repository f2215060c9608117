#pragma once
// A packed message on its way to the wire: read where it is kept, sealed with a fresh key and framed piece by piece, of
// a size that is known before.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/pmode/pmode.hpp"
#include "edelivery/security/part_streams.hpp"

namespace ehds::edelivery {

class sealed_stream {
 public:
  // `stored` outlives the stream. Problems: edelivery.pack.stored, edelivery.encrypt.*.
  static result<std::unique_ptr<sealed_stream>> open(std::string const& content_type, byte_source const& stored,
                                                     pmode const& mode, instant now);

  std::string const& content_type() const { return content_type_; }
  std::uint64_t size() const { return size_; }
  // The next piece, until the next call; empty at the end. Problems: those of the source.
  result<std::string_view> next();

 private:
  // Text, then perhaps the content of a part.
  struct stretch {
    std::string text;
    laid_out_part const* part = nullptr;
  };
  enum class stage { text, begin, content, end };

  explicit sealed_stream(byte_source const& stored) : stored_(stored) {}
  result<void> frame(pmode const& mode, instant now);
  result<std::string> envelope_for(pmode const& mode, instant now);
  result<std::string_view> next_of_part();

  byte_source const& stored_;
  mime_layout layout_;
  std::string content_type_;
  std::string content_key_;  // empty: parts stay as they are
  std::vector<stretch> stretches_;
  std::uint64_t size_ = 0;

  std::size_t at_ = 0;
  stage stage_ = stage::text;
  std::unique_ptr<part_sealing> sealing_;
  std::uint64_t done_ = 0;  // of the part
  std::string space_;
};

problem damaged_store();
mime_limits own_limits(std::uint64_t size);

}  // namespace ehds::edelivery
