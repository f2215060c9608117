#pragma once
// The shape of an answer, known before any data is read: it depends on the query and on what the dataset declares.
#include <cstddef>
#include <string>
#include <vector>

#include "policies/aggregate_query.hpp"

namespace ehds::policies {

// Closed list of values of a dimension, as the dataset declares it: {"sex", {"female", "male"}}.
struct declared_dimension {
  std::string name;
  std::vector<std::string> values;
};

struct axis {
  std::string dimension;
  std::vector<std::string> labels;
  bool of_person = true;  // false: year, which belongs to events
  bool operator==(axis const&) const = default;
};

// Cells are numbered with the last axis running fastest. No axis: one cell.
struct table_layout {
  std::vector<axis> axes;
  std::vector<measure> measures;
  bool denominator = false;

  std::size_t cell_count() const;
  std::size_t cell_at(std::vector<std::size_t> const& position) const;  // position[i] < axes[i].labels.size()
  std::vector<std::size_t> position_of(std::size_t cell) const;
  std::vector<std::string> labels_of(std::size_t cell) const;
  bool operator==(table_layout const&) const = default;
};

// Problems: query.undeclared_dimension, query.too_many_cells.
result<table_layout> lay_out(aggregate_query const& query, std::vector<declared_dimension> const& declared);

std::vector<std::string> age_band_labels(std::vector<std::int64_t> const& breaks);

}  // namespace ehds::policies
