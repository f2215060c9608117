#pragma once
// The same question again: an answer made of the same figures, by the same query, under the same rules, as one that
// was released before. Whatever was asked in between, it may be given again as it was: it tells nothing new, and
// working it out anew would compare it with what was released after it.
#include <string>

#include "policies/cleared_query.hpp"
#include "policies/disclosure/policy.hpp"
#include "policies/disclosure/query_history.hpp"
#include "policies/disclosure/raw_cells.hpp"

namespace ehds::policies::disclosure {

// All that a table without history is a function of: the hash of the query, the policy, each person's figures. The
// permit is not among it: who asks does not change what was found.
std::string digest_of(raw_cells const& raw, disclosure_policy const& policy);

// The oldest release of the dataset made of the same; nullptr when there is none.
history_entry const* released_before(query_history const& history, std::string const& dataset,
                                     std::string const& digest);

}  // namespace ehds::policies::disclosure
