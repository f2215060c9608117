#include "node/federation/combine.hpp"

#include "base/slips.hpp"

#include <algorithm>
#include <map>

namespace ehds::node::federation {
namespace {

using policies::released_cell;
using policies::released_number;
using policies::released_table;

bool same_shape(released_table const& a, released_table const& b) {
  auto const same_dimension = [](auto const& x, auto const& y) { return x.name == y.name && x.labels == y.labels; };
  return a.measures == b.measures && a.unit == b.unit && a.has_denominator == b.has_denominator &&
         std::ranges::equal(a.dimensions, b.dimensions, same_dimension) && a.cells.size() == b.cells.size();
}

released_number sum_of(released_number const& a, released_number const& b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

void add_table(std::vector<released_cell>& sums, released_table const& table) {
  for (auto& sum : sums) {
    auto const* const cell = policies::find_cell(table, sum.labels);
    if (cell == nullptr) {
      std::ranges::fill(sum.values, std::nullopt);
      sum.denominator = std::nullopt;
      continue;
    }
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] = sum_of(sum.values[i], cell->values[i]);
    sum.denominator = sum_of(sum.denominator, cell->denominator);
  }
}

void say_what_is_in_it(pooled_answer& pooled, std::vector<std::string> const& left_out) {
  std::string first = std::to_string(pooled.answered) + " of " + std::to_string(pooled.asked) + " authorities answered";
  if (!pooled.answered_by.empty()) first += ": " + listed(pooled.answered_by);
  pooled.notes.push_back(std::move(first));
  if (pooled.answered > 1)
    pooled.notes.push_back("sum of national figures: a person known in two countries counts twice");
  if (!left_out.empty())
    pooled.notes.push_back("not in the sum because their tables have another shape: " + listed(left_out));
}

}  // namespace

pooled_answer combine(std::vector<authority_answer> const& answers) {
  pooled_answer pooled;
  pooled.asked = answers.size();
  released_table const* first = nullptr;
  std::vector<std::string> left_out;
  for (auto const& answer : answers) {
    if (!answer.table) continue;
    ++pooled.answered;
    pooled.answered_by.push_back(answer.partner);
    if (first == nullptr) {
      first = &*answer.table;
      pooled.dimensions = first->dimensions;
      pooled.measures = first->measures;
      pooled.has_denominator = first->has_denominator;
      pooled.cells = first->cells;
    } else if (same_shape(*first, *answer.table)) {
      add_table(pooled.cells, *answer.table);
    } else {
      left_out.push_back(answer.partner);
    }
  }
  say_what_is_in_it(pooled, left_out);
  return pooled;
}

}  // namespace ehds::node::federation
