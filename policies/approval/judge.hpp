#pragma once
// May this caller run this query under this permit now? The only place where clearance is given.
#include <expected>
#include <string>

#include "policies/cleared_query.hpp"

namespace ehds::policies {

struct query_caller {
  std::string id;  // a user id, or "access_point:<id>" of a partner node: must be among the permit's persons
};

// Two texts: the asker learns only that it is not approved; the officer learns why.
struct refusal {
  problem to_asker;    // always the same: query.not_approved
  problem to_officer;  // approval.not_live, .not_yet, .expired, .other_dataset, .other_hash, .other_protocol, ...
};

// The permit given must be its latest version, read in the same effect or transaction.
std::expected<cleared_query, refusal> judge(aggregate_query const& query, data_permit const& permit,
                                            query_caller const& caller, instant now);

// Asked again when the answer is to be released: revocation between run and release bites.
std::expected<void, refusal> judge_release(cleared_query const& cleared, data_permit const& current, instant now);

}  // namespace ehds::policies
