#pragma once
// One permit on its way to the local platform (the secure processing environment): what is sent, under which
// idempotency key, and what one attempt came to. What waits, and when it is tried again, is kept by whoever has the
// store: node/access/permits and node/house/hand_over_worker.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace ehds::connectors {

enum class hand_over_kind { grant, revocation };

struct hand_over {
  std::string id;
  std::string idempotency_key;  // the same for every attempt; another for another content
  hand_over_kind kind = hand_over_kind::grant;
  std::string permit_id;
  std::int64_t permit_version = 1;
  std::string permit_jws;   // as the authority signed it
  std::string permit_json;  // the same for reading
};

// What goes out: one JSON object, the same bytes on every attempt. Problem: platform.permit (permit_json is no JSON).
result<std::string> hand_over_body(hand_over const& what);

// The platform's word that it has it. sha256 is of the body, in lower-case hex, and has been compared with what was
// sent.
struct receipt_proof {
  std::string receipt_id;
  std::string sha256;
  instant received_at;
  bool operator==(receipt_proof const&) const = default;
};

// What one attempt came to.
struct try_later {
  problem why;
  std::optional<std::chrono::milliseconds> not_before;  // the platform's Retry-After
};
struct refused_for_good {
  problem why;  // a person must look at it
};
using attempt_outcome = std::variant<receipt_proof, try_later, refused_for_good>;

}  // namespace ehds::connectors
