#include "connectors/data/engine/query_run.hpp"

#include <algorithm>
#include <optional>

namespace ehds::connectors {
namespace {

std::optional<std::size_t> place_of(policies::axis const& axis, std::string const& label) {
  auto const found = std::ranges::find(axis.labels, label);
  if (found == axis.labels.end()) return std::nullopt;
  return static_cast<std::size_t>(found - axis.labels.begin());
}

}  // namespace

query_run::query_run(policies::cleared_query const& cleared, compiled_query const& compiled,
                     std::string const& token_secret)
    : layout_(compiled.layout), builder_(policies::raw_table_pass{}, cleared, compiled.layout), tokens_(token_secret) {}

policies::person_set::token query_run::token_of(std::string const& person_key) {
  if (person_key != last_key_ || last_key_.empty()) {
    last_token_ = tokens_.of(person_key);
    last_key_ = person_key;
  }
  return last_token_;
}

void query_run::cell_row(std::string const& person_key, std::vector<std::string> const& labels,
                         std::vector<std::int64_t> const& totals) {
  std::vector<std::size_t> position;
  for (std::size_t i = 0; i < layout_.axes.size(); ++i) {
    auto const place = place_of(layout_.axes[i], labels.at(i));
    if (!place) return;
    position.push_back(*place);
  }
  auto const cell = layout_.cell_at(position);
  auto const person = token_of(person_key);
  builder_.add_person(cell, person);
  std::size_t next = 0;
  for (std::size_t i = 0; i < layout_.measures.size(); ++i) {
    if (layout_.measures[i].what == policies::measured::persons) continue;
    auto const total = totals.at(next++);
    if (layout_.measures[i].what == policies::measured::events) {
      builder_.add_events(cell, person, total);
    } else {
      builder_.add_sum(cell, person, i, total);
    }
  }
}

// The persons of the dataset do not depend on the year: each year's cells get the same denominator.
void query_run::denominator_row(std::vector<std::string> const& labels, std::int64_t persons) {
  std::vector<std::optional<std::size_t>> wanted;
  std::size_t next = 0;
  for (auto const& axis : layout_.axes) {
    if (!axis.of_person) {
      wanted.emplace_back(std::nullopt);
      continue;
    }
    wanted.push_back(place_of(axis, labels.at(next++)));
    if (!wanted.back()) return;
  }
  for (std::size_t cell = 0; cell < layout_.cell_count(); ++cell) {
    auto const position = layout_.position_of(cell);
    bool same = true;
    for (std::size_t i = 0; i < position.size(); ++i) same = same && (!wanted[i] || *wanted[i] == position[i]);
    if (same) builder_.denominator(cell, persons);
  }
}

}  // namespace ehds::connectors
