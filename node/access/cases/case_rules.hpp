#pragma once
// What the transition table cannot say: two pairs of eyes, one extension, one renewal, particulars that
// make sense, nothing lapses before its day. Pure.
#include "base/result.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/access/cases/case_state.hpp"
#include "node/access/cases/transition_table.hpp"

namespace ehds::node::access {

// Problems: access.case.particulars, access.case.duties, access.case.proposal (another decision than
// was proposed), access.case.once, access.case.too_early.
result<void> check_rules(case_state const& state, transition const& t, case_actor const& by,
                         case_particulars const& what, holiday_rules const& holidays, instant now);

// What the event will carry: a decider who repeats nothing adopts the proposal; a permit takes the decision's terms.
case_particulars filled_in(case_state const& state, case_verb verb, case_particulars what);

}  // namespace ehds::node::access
