#pragma once
// What the platform keeps: one folder an idempotency key, with the bytes it got and the answer it gave. Both are on
// disk before the answer goes out, so that the same key gets the same answer after a power cut too.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ehds::conformance::platform {

struct kept_handover {
  std::string key;
  std::string body;
  std::string receipt;
};

enum class keeping { fresh, known, other_content };

struct kept_answer {
  keeping how = keeping::fresh;
  std::string receipt;  // empty when the content differs
};

class handover_folder {
 public:
  explicit handover_folder(std::filesystem::path folder);

  // Throws std::runtime_error when the disk refuses.
  kept_answer keep(std::string const& key, std::string const& body, std::string const& received_at);
  std::vector<kept_handover> all() const;  // in the order of their receipt ids

 private:
  std::optional<kept_handover> find(std::string const& key) const;

  std::filesystem::path folder_;
  int next_ = 1;
};

}  // namespace ehds::conformance::platform
