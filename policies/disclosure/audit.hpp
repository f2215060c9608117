#pragma once
// Plays the reader: from everything that is shown, what is the least and the most a hidden cell can be? Independent of
// protection.hpp, so that each checks the other.
#include <limits>

#include "policies/disclosure/protection.hpp"

namespace ehds::policies::disclosure {

inline constexpr std::int64_t no_upper_bound = std::numeric_limits<std::int64_t>::max();

// Exact, by linear programming over the base cells; for grids of up to some hundred cells.
interval reader_knows(grid const& shape, protected_figure const& figure, std::vector<bool> const& hidden,
                      std::size_t cell);

// For all cells at once by passing bounds along the lines of the table: quick, and never tighter than reader_knows.
std::vector<interval> reader_reckons(grid const& shape, protected_figure const& figure,
                                     std::vector<bool> const& hidden);

// The sensitive cells that a reader can pin down more closely than their need allows.
std::vector<std::size_t> betrayed_cells(grid const& shape, protected_figure const& figure, hiding const& state);

}  // namespace ehds::policies::disclosure
