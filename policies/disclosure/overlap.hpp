#pragma once
// Differencing: does a cell differ from something already released by so few persons that a subtraction would show
// them?
//
// A refusal would itself tell that the few persons are in the cell, so nothing is refused: such a cell is answered
// with the older figure, whether the few are in it or not. Compared are: every earlier cell; the best union of
// disjoint cells of an earlier table; the difference of two earlier grand totals. Where the older figure was
// hidden to protect a neighbour, the cell is hidden too.
#include <optional>
#include <vector>

#include "policies/disclosure/query_history.hpp"

namespace ehds::policies::disclosure {

struct echo {
  bool hide = false;
  // One a measure; nullopt where the earlier answer did not measure this. Empty: no near neighbour.
  std::vector<released_number> figures;
  bool found() const { return hide || !figures.empty(); }
};

// `k`: a difference of fewer persons is too small.
echo look_back(person_set const& cell, std::vector<std::string> const& measure_keys, std::string const& dataset,
               query_history const& history, std::size_t k);

}  // namespace ehds::policies::disclosure
