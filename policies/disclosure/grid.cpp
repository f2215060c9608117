#include "policies/disclosure/grid.hpp"

#include <algorithm>
#include <bit>

#include "policies/released_table.hpp"

namespace ehds::policies::disclosure {

grid::grid(table_layout const& layout) : layout_(&layout), steps_(layout.axes.size()) {
  for (auto const& a : layout.axes) sizes_.push_back(a.labels.size());
  for (std::size_t i = sizes_.size(); i-- > 0;) {
    steps_[i] = count_;
    count_ *= sizes_[i] + 1;
  }
}

std::size_t grid::moved(std::size_t cell, std::size_t axis, std::size_t to) const {
  return cell - place(cell, axis) * steps_[axis] + to * steps_[axis];
}

std::size_t grid::total_over(std::size_t cell, unsigned axes_mask) const {
  for (std::size_t i = 0; i < axes(); ++i) {
    if ((axes_mask >> i & 1U) != 0) cell = moved(cell, i, sizes_[i]);
  }
  return cell;
}

unsigned grid::totals(std::size_t cell) const {
  unsigned mask = 0;
  for (std::size_t i = 0; i < axes(); ++i) {
    if (is_total(cell, i)) mask |= 1U << i;
  }
  return mask;
}

std::size_t grid::from_layout(std::size_t layout_cell) const {
  auto const position = layout_->position_of(layout_cell);
  std::size_t cell = 0;
  for (std::size_t i = 0; i < axes(); ++i) cell += position[i] * steps_[i];
  return cell;
}

std::vector<std::size_t> grid::bases_under(std::size_t cell) const {
  std::vector<std::size_t> under{cell};
  for (std::size_t i = 0; i < axes(); ++i) {
    if (!is_total(cell, i)) continue;
    std::vector<std::size_t> finer;
    for (auto const c : under) {
      for (std::size_t label = 0; label < sizes_[i]; ++label) finer.push_back(moved(c, i, label));
    }
    under = std::move(finer);
  }
  return under;
}

std::size_t grid::bases_count_under(std::size_t cell) const {
  std::size_t count = 1;
  for (std::size_t i = 0; i < axes(); ++i) {
    if (is_total(cell, i)) count *= sizes_[i];
  }
  return count;
}

std::vector<std::string> grid::labels_of(std::size_t cell) const {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < axes(); ++i)
    labels.push_back(is_total(cell, i) ? std::string(total_label) : layout_->axes[i].labels[place(cell, i)]);
  return labels;
}

std::vector<std::size_t> grid::in_order() const {
  std::vector<std::size_t> order(count_);
  for (std::size_t i = 0; i < count_; ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t cell) { return std::pair(std::popcount(totals(cell)), cell); });
  return order;
}

}  // namespace ehds::policies::disclosure
