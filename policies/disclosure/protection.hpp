#pragma once
// Hides neighbours of small cells until nobody can work them out (complementary suppression).
//
// A hidden cell is safe when the reader must reckon with every value its need names. That is proved by witnesses:
// another table, in line with everything shown (rounding included), where the cell has the lowest, and one where it has
// the highest value of its need. Witnesses are built from moves: pick a base cell and an opposite corner that differs
// on some axes; add and subtract the same amount in turn on the corners. Totals over those axes stay; the others
// change, so they must be hidden or have room in their rounding interval.
#include <cstdint>
#include <vector>

#include "policies/disclosure/grid.hpp"

namespace ehds::policies::disclosure {

struct interval {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool operator==(interval const&) const = default;
};

// One additive figure over the whole grid.
struct protected_figure {
  std::vector<std::int64_t> value;  // true
  std::vector<interval> shown;      // what a reader concludes where the cell is shown; holds the true value
  std::vector<interval> need;       // of sensitive cells: what must stay possible
};

struct hiding {
  std::vector<bool> hidden;     // grows
  std::vector<bool> sensitive;  // hidden for their own sake
  std::vector<bool> pinned;     // known to readers from earlier answers: hiding them protects nothing
};

// Are all sensitive cells safe?
bool is_safe(grid const& shape, protected_figure const& figure, hiding const& state);

// Hides more cells until they are; everything, when nothing less helps.
void protect(grid const& shape, protected_figure const& figure, hiding& state);

// Shows what turned out not to be needed, in tables small enough to try each cell. All figures stay safe.
void show_again(grid const& shape, std::vector<protected_figure> const& figures, hiding& state);

}  // namespace ehds::policies::disclosure
