#include "policies/disclosure/primary.hpp"

#include <algorithm>

namespace ehds::policies::disclosure {
namespace {

bool few(std::int64_t count, disclosure_policy const& policy) { return count > 0 && count < policy.threshold; }

// Too few persons, or all but a few of the dataset: then nothing is shown (Denning's trackers start there).
bool whole_table_hidden(raw_cells const& raw, figures const& total, disclosure_policy const& policy) {
  auto const found = static_cast<std::int64_t>(total.persons.size());
  auto const smallest = std::max(policy.threshold, policy.smallest_population);
  return found < smallest || few(raw.dataset_persons - found, policy);
}

hidden_because judged(figures const& cell, bool with_denominator, disclosure_policy const& policy) {
  auto const persons = static_cast<std::int64_t>(cell.persons.size());
  if (persons == 0) return hidden_because::no_person;
  if (persons < policy.threshold) return hidden_because::few_persons;
  // All or nearly all of a group: the figure would tell something about each of its members.
  if (with_denominator && cell.denominator - persons < policy.threshold) return hidden_because::few_left_out;
  for (auto const& m : cell.measures) {
    if (few(m.contributors, policy)) return hidden_because::few_persons;
    if (m.dominated) return hidden_because::dominated;
  }
  return hidden_because::shown;
}

}  // namespace

std::vector<hidden_because> hidden_for_own_sake(raw_cells const& raw, grid const& shape,
                                                std::vector<figures> const& all, disclosure_policy const& policy) {
  std::vector<hidden_because> why(shape.size());
  bool const nothing = whole_table_hidden(raw, all.back(), policy);
  for (std::size_t cell = 0; cell < shape.size(); ++cell)
    why[cell] = nothing ? hidden_because::whole_table : judged(all[cell], raw.layout.denominator, policy);
  return why;
}

}  // namespace ehds::policies::disclosure
