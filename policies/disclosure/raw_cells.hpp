#pragma once
// The true figures behind a raw_table. Included by policies/disclosure alone; the layout check of the
// workshop refuses it anywhere else.
#include <vector>

#include "policies/raw_table.hpp"

namespace ehds::policies {

// What one person adds to one cell.
struct contribution {
  person_set::token person = 0;
  std::int64_t events = 0;
  std::vector<std::int64_t> sums;  // one a measure; zero where the measure is no sum
};

struct raw_cell {
  std::vector<contribution> persons;  // ascending by token, distinct
  std::int64_t denominator = 0;
};

struct raw_cells {
  std::string query_hash;
  table_layout layout;
  std::int64_t dataset_persons = 0;
  std::vector<raw_cell> cells;
};

namespace disclosure {
// The one place where a raw_table opens.
class raw_reading {
 public:
  static raw_cells const& of(raw_table const& table) { return *table.cells_; }
};
}  // namespace disclosure

}  // namespace ehds::policies
