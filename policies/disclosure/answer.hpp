#pragma once
// The work of one disclosure, step by step, between figures and released table.
#include <vector>

#include "policies/cleared_query.hpp"
#include "policies/disclosure/figures.hpp"
#include "policies/disclosure/overlap.hpp"
#include "policies/disclosure/primary.hpp"
#include "policies/disclosure/protection.hpp"

namespace ehds::policies::disclosure {

struct answer {
  std::vector<figures> cells;
  std::vector<hidden_because> why;
  std::vector<echo> echoes;
  hiding state;
  std::vector<bool> denominator_hidden;
};

answer work_out_answer(raw_cells const& raw, grid const& shape, cleared_query const& cleared,
                       disclosure_policy const& policy, query_history const& history);

std::int64_t shown_value(answer const& done, std::size_t cell, std::size_t measure_index, std::int64_t base);

// The additive figures that a reader could subtract from each other: what protection and audit look at.
std::vector<protected_figure> additive_figures(answer const& done, grid const& shape, aggregate_query const& query,
                                               disclosure_policy const& policy);

}  // namespace ehds::policies::disclosure
