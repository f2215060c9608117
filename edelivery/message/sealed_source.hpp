#pragma once
// A sealed stream as the source of an answer, which may be as large as a message and is never held whole: read once,
// from its beginning to its end.
#include <memory>
#include <string>

#include "base/byte_source.hpp"
#include "edelivery/message/sealed_stream.hpp"

namespace ehds::edelivery {

// For one thread at a time.
class sealed_source final : public byte_source {
 public:
  // `stored` is what the stream reads from.
  sealed_source(std::shared_ptr<byte_source const> stored, std::unique_ptr<sealed_stream> sealed)
      : stored_(std::move(stored)), sealed_(std::move(sealed)) {}

  std::uint64_t size() const override { return sealed_->size(); }
  // Only from where the last look ended: a key seals once. Problems: edelivery.pack.read_again, those of the stream.
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override;

 private:
  std::shared_ptr<byte_source const> stored_;
  std::unique_ptr<sealed_stream> sealed_;
  mutable std::uint64_t at_ = 0;
  mutable std::string_view left_;  // of the piece that was read last
};

}  // namespace ehds::edelivery
