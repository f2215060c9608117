#pragma once
// A message of the plug-in as one source: texts, and between them payloads of any size, put into base64 while they are
// read, or as they are (MTOM).
#include <memory>
#include <string>
#include <vector>

#include "base/byte_source.hpp"

namespace ehds::edelivery::backend {

enum class payload_form { base64, as_they_are };

class retrieved_stream final : public byte_source {
 public:
  // One text more than payloads. Throws std::invalid_argument otherwise.
  retrieved_stream(std::vector<std::string> texts, std::vector<std::unique_ptr<byte_source>> payloads,
                   payload_form form = payload_form::base64);

  std::uint64_t size() const override { return size_; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override;

 private:
  struct stretch {
    std::uint64_t at = 0;
    std::uint64_t size = 0;
    std::string const* text = nullptr;  // else a payload
    byte_source const* payload = nullptr;
  };
  void add(std::string const* text, byte_source const* payload);

  payload_form const form_;
  std::vector<std::string> texts_;
  std::vector<std::unique_ptr<byte_source>> payloads_;
  std::vector<stretch> stretches_;  // none empty
  std::uint64_t size_ = 0;
};

}  // namespace ehds::edelivery::backend
