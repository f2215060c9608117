#pragma once
// The answers of several authorities put together: each as it came, and the sum of national figures. Persons known in
// two countries count twice: the sum is labelled so, and nobody links persons.
#include <optional>
#include <string>
#include <vector>

#include "policies/released_table.hpp"

namespace ehds::node::federation {

struct authority_answer {
  std::string partner;
  std::string state;  // asked, received, answered, not_answered, late
  std::optional<policies::released_table> table;
};

struct pooled_answer {
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::vector<std::string> answered_by;
  std::vector<policies::released_dimension> dimensions;
  std::vector<std::string> measures;
  bool has_denominator = false;
  // A cell is a number only when every answering authority gives one: a sum over the others would show the difference.
  std::vector<policies::released_cell> cells;
  std::vector<std::string> notes;  // "2 of 3 authorities answered: FI, FR", "persons known in two countries ..."
};

// Tables that do not share dimensions, labels and measures with the first are left out and named in the notes.
pooled_answer combine(std::vector<authority_answer> const& answers);

}  // namespace ehds::node::federation
