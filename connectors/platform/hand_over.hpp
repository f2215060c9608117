#pragma once
// Permits on their way to the local platform (the secure processing environment): at least once, under an idempotency
// key, until there is proof of receipt. The state is a plain value; what to do next is a function of it and the time,
// so that whoever stores it decides about durability.
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

enum class hand_over_standing { waiting, delivered, refused, overtaken };
std::string_view to_text(hand_over_standing standing);

struct hand_over_progress {
  hand_over_standing standing = hand_over_standing::waiting;
  int attempts = 0;
  instant next_at{};
  std::optional<receipt_proof> proof;
  std::optional<problem> last_problem;
  bool operator==(hand_over_progress const&) const = default;
};

// Doubles from first to longest, for ever: a permit is not given up because a platform is down for a week.
struct retry_plan {
  std::chrono::milliseconds first{2'000};
  std::chrono::milliseconds longest{15 * 60'000};
};

hand_over_progress start_hand_over(instant now);
hand_over_progress after_attempt(hand_over_progress const& before, attempt_outcome const& outcome, instant now,
                                 retry_plan const& plan);

struct pending_hand_over {
  hand_over what;
  hand_over_progress progress;
};

// A revocation overtakes: hand-overs of the same permit that still wait are never sent (a grant that may have arrived
// without proof is undone by the revocation itself, which is always sent). Marks them; says how many.
std::size_t overtake_revoked(std::span<pending_hand_over> all);

// What to send now, if anything: revocations before grants, then the one that waits longest.
std::optional<std::size_t> next_due(std::span<pending_hand_over const> all, instant now);

}  // namespace ehds::connectors
