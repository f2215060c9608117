#pragma once
// The ways to the local platform: one operation, two roads.
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/http_call.hpp"
#include "connectors/platform/hand_over.hpp"

namespace ehds::connectors {

class local_platform {
 public:
  virtual ~local_platform() = default;
  virtual attempt_outcome deliver(hand_over const& what) = 0;  // blocks; one attempt
};

// POST <url> with Idempotency-Key. 200 or 201 with {"receipt_id", "sha256", "received_at"} is proof when the digest is
// that of the body sent; 408, 425, 429, 5xx, silence and wrong proof: later; any other answer: refused for good.
class http_platform final : public local_platform {
 public:
  struct address {
    std::string url;
    std::vector<http_header> headers;  // an API key, say
    std::chrono::milliseconds timeout{10'000};
  };
  http_platform(http_call& network, address to) : network_(network), to_(std::move(to)) {}
  attempt_outcome deliver(hand_over const& what) override;

 private:
  http_call& network_;
  address to_;
};

// A folder that the platform watches: <idempotency key>.json, written beside, synced, renamed, the folder synced. The
// proof is the node's own: the file is there.
class folder_platform final : public local_platform {
 public:
  folder_platform(std::filesystem::path folder, clock const& now) : folder_(std::move(folder)), now_(now) {}
  attempt_outcome deliver(hand_over const& what) override;

 private:
  std::filesystem::path folder_;
  clock const& now_;
};

}  // namespace ehds::connectors
