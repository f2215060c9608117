#include "policies/disclosure/protection.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace ehds::policies::disclosure {
namespace {

constexpr std::int64_t boundless = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::size_t most_tries = 4'000;  // moves looked at for one cell and direction; giving up hides more

// A base cell, an opposite corner, and the axes on which they differ.
struct corners {
  std::size_t base = 0;
  std::size_t opposite = 0;
  unsigned axes_mask = 0;
};

struct touched_cell {
  std::size_t cell = 0;
  bool rises = false;  // when the base cell rises
};

// Base cells at the corners, and every total that does not balance out.
std::vector<touched_cell> touched_by(grid const& shape, corners const& move) {
  std::vector<touched_cell> touched;
  unsigned const all = (1U << shape.axes()) - 1U;
  unsigned const rest = all & ~move.axes_mask;
  for (unsigned corner = move.axes_mask;; corner = (corner - 1) & move.axes_mask) {
    std::size_t cell = move.base;
    for (std::size_t i = 0; i < shape.axes(); ++i) {
      if ((corner >> i & 1U) != 0) cell = shape.moved(cell, i, shape.place(move.opposite, i));
    }
    bool const rises = std::popcount(corner) % 2 == 0;
    for (unsigned totals = rest;; totals = (totals - 1) & rest) {
      touched.push_back({shape.total_over(cell, totals), rises});
      if (totals == 0) break;
    }
    if (corner == 0) break;
  }
  return touched;
}

struct cover {
  std::vector<std::size_t> cells;
  std::int64_t progress = 0;
};

class witness {
 public:
  witness(protected_figure const& figure, hiding const& state) : figure_(figure), state_(state), now_(figure.value) {}

  std::int64_t value(std::size_t cell) const { return now_[cell]; }

  std::int64_t room(std::size_t cell, bool rises) const {
    if (state_.hidden[cell] && !state_.pinned[cell]) return rises ? boundless : now_[cell];
    auto const& shown = figure_.shown[cell];
    return rises ? shown.high - now_[cell] : now_[cell] - shown.low;
  }

  // Makes the move as far as there is room; gives how far.
  std::int64_t apply(std::vector<touched_cell> const& touched, bool up, std::int64_t wanted) {
    for (auto const& t : touched) wanted = std::min(wanted, room(t.cell, t.rises == up));
    if (wanted <= 0) return 0;
    for (auto const& t : touched) now_[t.cell] += t.rises == up ? wanted : -wanted;
    return wanted;
  }

  // What must be hidden as well for the move, and how far it then goes.
  cover cover_for(std::vector<touched_cell> const& touched, bool up, std::int64_t wanted) const {
    cover found{{}, wanted};
    for (auto const& t : touched) {
      bool const rises = t.rises == up;
      bool const can_hide = !state_.hidden[t.cell] && !state_.pinned[t.cell];
      if (room(t.cell, rises) < wanted && can_hide) found.cells.push_back(t.cell);
      auto const free = rises ? boundless : now_[t.cell];
      found.progress = std::min(found.progress, can_hide ? free : room(t.cell, rises));
    }
    return found;
  }

 private:
  protected_figure const& figure_;
  hiding const& state_;
  std::vector<std::int64_t> now_;
};

// Calls f with each move that changes `cell`, few axes first, until f says it is enough or the tries are used up.
template <class F>
void each_move(grid const& shape, std::size_t cell, F&& f) {
  unsigned const all = (1U << shape.axes()) - 1U;
  unsigned const free = all & ~shape.totals(cell);
  auto const bases = shape.bases_under(cell);
  std::size_t tries = 0;
  for (int differing = 0; differing <= std::popcount(free); ++differing) {
    for (unsigned mask = free;; mask = (mask - 1) & free) {
      if (std::popcount(mask) == differing) {
        // Opposites: the grid cells under the cell that is total on exactly the differing axes.
        for (auto const base : bases) {
          for (auto const opposite : shape.bases_under(shape.total_over(base, mask))) {
            bool differs = true;
            for (std::size_t i = 0; i < shape.axes(); ++i)
              differs = differs && ((mask >> i & 1U) == 0 || shape.place(opposite, i) != shape.place(base, i));
            if (!differs) continue;
            if (++tries > most_tries || f(corners{base, opposite, mask})) return;
          }
        }
      }
      if (mask == 0) break;
    }
  }
}

// Brings the cell to the target by moves; what is missing at the end.
std::int64_t missing_to(grid const& shape, witness& w, std::size_t cell, std::int64_t target) {
  bool const up = target > w.value(cell);
  std::int64_t missing = up ? target - w.value(cell) : w.value(cell) - target;
  if (missing == 0) return 0;
  each_move(shape, cell, [&](corners const& move) {
    missing -= w.apply(touched_by(shape, move), up, missing);
    return missing == 0;
  });
  return missing;
}

bool can_reach(grid const& shape, protected_figure const& figure, hiding const& state, std::size_t cell,
               std::int64_t target) {
  witness w(figure, state);
  return missing_to(shape, w, cell, target) == 0;
}

// The cells whose hiding brings the cell nearer to the target at the least cost for each step.
std::vector<std::size_t> cheapest_cover(grid const& shape, protected_figure const& figure, hiding const& state,
                                        std::size_t cell, std::int64_t target) {
  witness w(figure, state);
  auto const missing = missing_to(shape, w, cell, target);
  bool const up = target > figure.value[cell];
  double best_cost = 0;
  cover best;
  each_move(shape, cell, [&](corners const& move) {
    auto found = w.cover_for(touched_by(shape, move), up, missing);
    if (found.cells.empty() || found.progress <= 0) return false;
    double cost = 0;
    // A margin stands for many cells: readers miss it more.
    for (auto const c : found.cells)
      cost += static_cast<double>(figure.value[c] + 1) * static_cast<double>(1 + shape.bases_count_under(c));
    cost /= static_cast<double>(found.progress);
    if (best.cells.empty() || cost < best_cost) {
      best_cost = cost;
      best = std::move(found);
    }
    return false;
  });
  return std::move(best.cells);
}

void hide_everything(hiding& state) { state.hidden.assign(state.hidden.size(), true); }

// False when nothing less than hiding everything helps.
bool make_reachable(grid const& shape, protected_figure const& figure, hiding& state, std::size_t cell,
                    std::int64_t target) {
  while (!can_reach(shape, figure, state, cell, target)) {
    auto const cover = cheapest_cover(shape, figure, state, cell, target);
    if (cover.empty()) return false;
    for (auto const c : cover) state.hidden[c] = true;
  }
  return true;
}

}  // namespace

bool is_safe(grid const& shape, protected_figure const& figure, hiding const& state) {
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    if (!state.sensitive[cell]) continue;
    if (!can_reach(shape, figure, state, cell, figure.need[cell].low)) return false;
    if (!can_reach(shape, figure, state, cell, figure.need[cell].high)) return false;
  }
  return true;
}

void protect(grid const& shape, protected_figure const& figure, hiding& state) {
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    if (!state.sensitive[cell]) continue;
    if (make_reachable(shape, figure, state, cell, figure.need[cell].low) &&
        make_reachable(shape, figure, state, cell, figure.need[cell].high))
      continue;
    return hide_everything(state);
  }
}

void show_again(grid const& shape, std::vector<protected_figure> const& figures, hiding& state) {
  constexpr std::size_t worth_the_time = 200;  // grid cells
  if (shape.size() > worth_the_time) return;
  // Margins have the highest numbers on every axis: the grand total is tried first.
  for (std::size_t cell = shape.size(); cell-- > 0;) {
    if (!state.hidden[cell] || state.sensitive[cell]) continue;
    state.hidden[cell] = false;
    for (auto const& figure : figures) {
      if (is_safe(shape, figure, state)) continue;
      state.hidden[cell] = true;
      break;
    }
  }
}

}  // namespace ehds::policies::disclosure
