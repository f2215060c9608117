#include "policies/disclosure/audit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "policies/disclosure/simplex.hpp"

namespace ehds::policies::disclosure {
namespace {

constexpr std::size_t exact_up_to = 200;  // grid cells

// Variables: how much each base cell may rise (first half) and fall (second half) from its true value. Every grid cell
// is a sum of base cells, so that additivity needs no rows of its own.
struct reader_model {
  linear_programme programme;
  std::vector<std::size_t> column;  // of a base cell
  std::size_t bases = 0;

  reader_model(grid const& shape, protected_figure const& figure, std::vector<bool> const& hidden)
      : column(shape.size()) {
    for (std::size_t cell = 0; cell < shape.size(); ++cell) {
      if (shape.is_base(cell)) column[cell] = bases++;
    }
    for (std::size_t cell = 0; cell < shape.size(); ++cell) {
      auto const value = figure.value[cell];
      auto const low = hidden[cell] ? 0 : figure.shown[cell].low;
      add(sum_of(shape, cell, -1), static_cast<double>(value - low));
      if (!hidden[cell]) add(sum_of(shape, cell, 1), static_cast<double>(figure.shown[cell].high - value));
    }
  }

  std::vector<double> sum_of(grid const& shape, std::size_t cell, double sign) const {
    std::vector<double> row(2 * bases);
    for (auto const base : shape.bases_under(cell)) {
      row[column[base]] = sign;
      row[bases + column[base]] = -sign;
    }
    return row;
  }

  void add(std::vector<double> row, double most) {
    programme.a.push_back(std::move(row));
    programme.b.push_back(most);
  }
};

std::int64_t floor_of(double x) { return static_cast<std::int64_t>(std::floor(x + 1e-6)); }

interval known(reader_model const& model, grid const& shape, protected_figure const& figure, std::size_t cell) {
  auto const value = figure.value[cell];
  auto const rise = maximise(model.programme, model.sum_of(shape, cell, 1));
  auto const fall = maximise(model.programme, model.sum_of(shape, cell, -1));
  return {fall ? value - floor_of(*fall) : 0, rise ? value + floor_of(*rise) : no_upper_bound};
}

// Tightens the cells of one line and its total; true when something changed.
bool tighten_line(grid const& shape, std::vector<interval>& bounds, std::size_t total, std::size_t axis) {
  std::int64_t lows = 0;
  std::int64_t highs = 0;
  std::size_t open = 0;
  for (std::size_t i = 0; i < shape.labels(axis); ++i) {
    auto const& b = bounds[shape.moved(total, axis, i)];
    lows += b.low;
    if (b.high == no_upper_bound) {
      ++open;
    } else {
      highs += b.high;
    }
  }
  bool changed = false;
  auto const narrow = [&](interval& b, std::int64_t low, std::int64_t high) {
    if (low > b.low) changed = true, b.low = low;
    if (high < b.high) changed = true, b.high = high;
  };
  narrow(bounds[total], lows, open == 0 ? highs : no_upper_bound);
  auto const whole = bounds[total];
  for (std::size_t i = 0; i < shape.labels(axis); ++i) {
    auto& b = bounds[shape.moved(total, axis, i)];
    bool const self_open = b.high == no_upper_bound;
    bool const others_open = open > (self_open ? 1U : 0U);
    auto const others_high = self_open ? highs : highs - b.high;
    auto const others_low = lows - b.low;
    narrow(b, others_open ? 0 : whole.low - others_high,
           whole.high == no_upper_bound ? no_upper_bound : whole.high - others_low);
    if (changed) return true;  // the sums above are stale
  }
  return changed;
}

}  // namespace

interval reader_knows(grid const& shape, protected_figure const& figure, std::vector<bool> const& hidden,
                      std::size_t cell) {
  return known(reader_model(shape, figure, hidden), shape, figure, cell);
}

std::vector<interval> reader_reckons(grid const& shape, protected_figure const& figure,
                                     std::vector<bool> const& hidden) {
  std::vector<interval> bounds(shape.size());
  for (std::size_t cell = 0; cell < shape.size(); ++cell)
    bounds[cell] = hidden[cell] ? interval{0, no_upper_bound} : figure.shown[cell];
  // Each round passes bounds one line further; in whole numbers it ends, but it may crawl.
  bool changed = true;
  for (int round = 0; changed && round < 100; ++round) {
    changed = false;
    for (std::size_t cell = 0; cell < shape.size(); ++cell) {
      for (std::size_t axis = 0; axis < shape.axes(); ++axis) {
        if (shape.is_total(cell, axis) && tighten_line(shape, bounds, cell, axis)) changed = true;
      }
    }
  }
  return bounds;
}

std::vector<std::size_t> betrayed_cells(grid const& shape, protected_figure const& figure, hiding const& state) {
  bool const exact = shape.size() <= exact_up_to;
  auto const reckoned = reader_reckons(shape, figure, state.hidden);
  std::vector<std::size_t> betrayed;
  auto const too_close = [&](interval const& b, std::size_t cell) {
    return b.low > figure.need[cell].low || b.high < figure.need[cell].high;
  };
  std::optional<reader_model> model;
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    if (!state.sensitive[cell]) continue;
    bool found = too_close(reckoned[cell], cell);
    if (!found && exact) {
      if (!model) model.emplace(shape, figure, state.hidden);
      found = too_close(known(*model, shape, figure, cell), cell);
    }
    if (found) betrayed.push_back(cell);
  }
  return betrayed;
}

}  // namespace ehds::policies::disclosure
