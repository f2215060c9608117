#pragma once
// The one way out of a raw_table: hide, protect, round, compare with what was released before.
//
//   auto const proposal = disclose(table, cleared, policy, history, spent);
//   ... in one serial effect: judge_release() again, store proposal->owed, write the audit entry ...
//   ... then proposal->table may leave.
// If another release of the same dataset was stored in between, disclose again with the newer history.
//
// Deterministic. Whether it succeeds depends on query, policy and budget only, never on the data: whatever the data
// forbid is shown as "suppressed or zero" in a table of the usual shape.
#include "policies/cleared_query.hpp"
#include "policies/disclosure/desk_view.hpp"
#include "policies/disclosure/policy.hpp"
#include "policies/disclosure/query_history.hpp"
#include "policies/raw_table.hpp"
#include "policies/released_table.hpp"

namespace ehds::policies {

struct release_proposal {
  released_table table;
  debit owed;
  desk_view desk;
};

// `cells_spent`: what answers under this permit have cost so far.
// Problems: disclosure.other_query, .other_policy, .age_band, .budget.
result<release_proposal> disclose(raw_table const& raw, cleared_query const& cleared, disclosure_policy const& policy,
                                  query_history const& history, std::int64_t cells_spent);

// What the policy has against a query, before it is approved: narrow age bands.
problems inadmissible(aggregate_query const& query, disclosure_policy const& policy);

}  // namespace ehds::policies
