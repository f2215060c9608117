#pragma once
// Status codes exactly as they travel (TEHDAS2 D6.4 tables 1a, 1b and 3). Anything finer is a sub-state
// inside the node.
#include <optional>
#include <string_view>

namespace ehds::node::access {

enum class case_status {
  submitted,
  pre_screening,
  processing,
  awaiting_additional_information,
  withdrawn,
  positive_decision_issued,
  negative_decision_issued,
  positive_decision_accepted,
  positive_decision_rejected,
  negative_decision_accepted,
  negative_decision_appealed,
  appeal_approved,
  appeal_rejected,
};

enum class permit_status {
  granted,
  renewal_requested,
  renewed,
  renewal_rejected,
  expired,
  amendment_requested,
  amended,
  amendment_rejected,
  revoked,
  revoke_appealed,
  appeal_approved,
  appeal_rejected,
};

std::string_view to_code(case_status status);    // "PRE_SCREENING"
std::string_view to_code(permit_status status);  // "GRANTED"
std::optional<case_status> case_status_of(std::string_view code);
std::optional<permit_status> permit_status_of(std::string_view code);

bool is_final(case_status status);       // nothing moves it any more, except a permit's own life
bool is_decided(case_status status);     // an authority has said yes or no
bool is_in_force(permit_status status);  // data may be used under it (until its last day)

}  // namespace ehds::node::access
