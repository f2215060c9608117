#include "policies/raw_table.hpp"

#include <algorithm>
#include <stdexcept>

#include "policies/disclosure/raw_cells.hpp"

namespace ehds::policies {

raw_table::raw_table(std::unique_ptr<raw_cells> cells) : cells_(std::move(cells)) {}
raw_table::raw_table(raw_table&&) noexcept = default;
raw_table& raw_table::operator=(raw_table&&) noexcept = default;
raw_table::~raw_table() = default;

struct raw_table_builder::filling {
  std::unique_ptr<raw_cells> cells = std::make_unique<raw_cells>();

  contribution& add(std::size_t cell, person_set::token person) {
    auto& persons = cells->cells.at(cell).persons;
    // Engines mostly give a person's figures one after the other.
    if (persons.empty() || persons.back().person != person)
      persons.push_back({person, 0, std::vector<std::int64_t>(cells->layout.measures.size())});
    return persons.back();
  }
};

namespace {

void merge_doubles(std::vector<contribution>& persons) {
  std::ranges::sort(persons, {}, &contribution::person);
  std::vector<contribution> merged;
  for (auto& next : persons) {
    if (merged.empty() || merged.back().person != next.person) {
      merged.push_back(std::move(next));
      continue;
    }
    merged.back().events += next.events;
    for (std::size_t i = 0; i < next.sums.size(); ++i) merged.back().sums[i] += next.sums[i];
  }
  persons = std::move(merged);
}

}  // namespace

raw_table_builder::raw_table_builder(raw_table_pass, cleared_query const& cleared, table_layout layout)
    : filling_(std::make_unique<filling>()) {
  filling_->cells->query_hash = cleared.hash();
  filling_->cells->cells.resize(layout.cell_count());
  filling_->cells->layout = std::move(layout);
}

raw_table_builder::raw_table_builder(raw_table_builder&&) noexcept = default;
raw_table_builder::~raw_table_builder() = default;

void raw_table_builder::dataset_persons(std::int64_t persons) { filling_->cells->dataset_persons = persons; }

void raw_table_builder::add_person(std::size_t cell, person_set::token person) { filling_->add(cell, person); }

void raw_table_builder::add_events(std::size_t cell, person_set::token person, std::int64_t events) {
  filling_->add(cell, person).events += events;
}

void raw_table_builder::add_sum(std::size_t cell, person_set::token person, std::size_t measure, std::int64_t total) {
  filling_->add(cell, person).sums.at(measure) += total;
}

void raw_table_builder::denominator(std::size_t cell, std::int64_t persons) {
  filling_->cells->cells.at(cell).denominator = persons;
}

raw_table raw_table_builder::finish() && {
  for (auto& cell : filling_->cells->cells) merge_doubles(cell.persons);
  return raw_table(std::move(filling_->cells));
}

}  // namespace ehds::policies
