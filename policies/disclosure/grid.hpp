#pragma once
// The table with its margins: each axis has one place more, its total. A grid cell is base (no total) or a margin.
#include <cstddef>
#include <vector>

#include "policies/table_layout.hpp"

namespace ehds::policies::disclosure {

class grid {
 public:
  explicit grid(table_layout const& layout);

  std::size_t axes() const { return sizes_.size(); }
  std::size_t size() const { return count_; }                          // base cells and margins
  std::size_t labels(std::size_t axis) const { return sizes_[axis]; }  // without the total

  std::size_t step(std::size_t axis) const { return steps_[axis]; }  // distance of neighbours along the axis
  std::size_t place(std::size_t cell, std::size_t axis) const { return cell / steps_[axis] % (sizes_[axis] + 1); }
  bool is_total(std::size_t cell, std::size_t axis) const { return place(cell, axis) == sizes_[axis]; }
  std::size_t moved(std::size_t cell, std::size_t axis, std::size_t to) const;
  std::size_t total_over(std::size_t cell, unsigned axes_mask) const;  // those axes set to their total
  unsigned totals(std::size_t cell) const;                             // mask of the axes that are total
  bool is_base(std::size_t cell) const { return totals(cell) == 0; }

  std::size_t from_layout(std::size_t layout_cell) const;
  std::vector<std::size_t> bases_under(std::size_t cell) const;  // a base cell is under itself
  std::size_t bases_count_under(std::size_t cell) const;
  std::vector<std::string> labels_of(std::size_t cell) const;  // "*" for a total

  // Base cells first in layout order, then margins from the finest to the grand total.
  std::vector<std::size_t> in_order() const;

 private:
  table_layout const* layout_;  // outlives the grid
  std::vector<std::size_t> sizes_;
  std::vector<std::size_t> steps_;
  std::size_t count_ = 1;
};

}  // namespace ehds::policies::disclosure
