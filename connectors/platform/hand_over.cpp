#include "connectors/platform/hand_over.hpp"

#include <algorithm>

#include "policies/json/value.hpp"

namespace ehds::connectors {
namespace {

namespace json = policies::json;

bool waits(pending_hand_over const& one) { return one.progress.standing == hand_over_standing::waiting; }

bool revokes(pending_hand_over const& one) { return one.what.kind == hand_over_kind::revocation; }

// A revocation of version 2 undoes versions 1 and 2, not a version 3 granted later.
bool undone_by(pending_hand_over const& one, pending_hand_over const& revocation) {
  return !revokes(one) && revokes(revocation) && one.what.permit_id == revocation.what.permit_id &&
         one.what.permit_version <= revocation.what.permit_version;
}

std::chrono::milliseconds pause_after(int attempts, retry_plan const& plan) {
  auto pause = plan.first;
  for (int i = 1; i < attempts && pause < plan.longest; ++i) pause *= 2;
  return std::min(pause, plan.longest);
}

struct outcome_taker {
  hand_over_progress progress;
  instant now;
  retry_plan const& plan;

  hand_over_progress operator()(receipt_proof const& proof) {
    progress.standing = hand_over_standing::delivered;
    progress.proof = proof;
    progress.last_problem.reset();
    return progress;
  }
  hand_over_progress operator()(try_later const& later) {
    auto const own = pause_after(progress.attempts, plan);
    progress.next_at = now + std::max(own, std::min(later.not_before.value_or(own), plan.longest));
    progress.last_problem = later.why;
    return progress;
  }
  hand_over_progress operator()(refused_for_good const& refused) {
    progress.standing = hand_over_standing::refused;
    progress.last_problem = refused.why;
    return progress;
  }
};

}  // namespace

std::string_view to_text(hand_over_standing standing) {
  switch (standing) {
    case hand_over_standing::waiting:
      return "waiting";
    case hand_over_standing::delivered:
      return "delivered";
    case hand_over_standing::refused:
      return "refused";
    case hand_over_standing::overtaken:
      return "overtaken";
  }
  return "";
}

result<std::string> hand_over_body(hand_over const& what) {
  auto permit = json::read(what.permit_json, {.bytes = 1024 * 1024, .depth = 24});
  if (!permit)
    return problem{"platform.permit", "The readable permit is no JSON that can be sent.", what.id,
                   "Write it with policies/data_permit."};
  json::object body{{"id", what.id},
                    {"kind", what.kind == hand_over_kind::grant ? "grant" : "revocation"},
                    {"permit", *std::move(permit)},
                    {"permit_id", what.permit_id},
                    {"permit_jws", what.permit_jws},
                    {"permit_version", what.permit_version}};
  return json::write(json::value{std::move(body)});
}

hand_over_progress start_hand_over(instant now) {
  hand_over_progress progress;
  progress.next_at = now;
  return progress;
}

hand_over_progress after_attempt(hand_over_progress const& before, attempt_outcome const& outcome, instant now,
                                 retry_plan const& plan) {
  auto progress = before;
  ++progress.attempts;
  return std::visit(outcome_taker{std::move(progress), now, plan}, outcome);
}

std::size_t overtake_revoked(std::span<pending_hand_over> all) {
  std::size_t overtaken = 0;
  for (auto& one : all) {
    if (!waits(one) || std::ranges::none_of(all, [&](auto const& other) { return undone_by(one, other); })) continue;
    one.progress.standing = hand_over_standing::overtaken;
    ++overtaken;
  }
  return overtaken;
}

std::optional<std::size_t> next_due(std::span<pending_hand_over const> all, instant now) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const& one = all[i];
    if (!waits(one) || one.progress.next_at > now) continue;
    if (!best || (revokes(one) && !revokes(all[*best])) ||
        (revokes(one) == revokes(all[*best]) && one.progress.next_at < all[*best].progress.next_at))
      best = i;
  }
  return best;
}

}  // namespace ehds::connectors
