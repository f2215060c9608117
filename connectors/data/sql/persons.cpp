#include <algorithm>
#include <ranges>

#include "connectors/data/sql/writing.hpp"

namespace ehds::connectors {
namespace {

std::string placed(column_place const& place) { return place.at + "." + place.column; }

std::string key_of(person_table const& person) { return placed(find_column(person.columns, person.key)->place); }

// Several rows a person: the latest one counts, which is the one that no other comes after. Written over the table
// itself and not with a window, so that joins find its index on the key.
std::string nothing_later(writing const& to, person_table const& person) {
  std::string later;
  for (auto column = person.latest_first.rbegin(); column != person.latest_first.rend(); ++column) {
    auto const name = find_column(person.columns, *column)->place.column;
    auto const after = "r." + name + " > t." + name;
    later = later.empty() ? after : after + " OR (r." + name + " = t." + name + " AND (" + later + "))";
  }
  auto const key = find_column(person.columns, person.key)->place.column;
  return "NOT EXISTS (SELECT 1 FROM " + to.words.table(person.table) + " AS r WHERE r." + key + " = t." + key +
         " AND (" + later + "))";
}

std::vector<std::string> person_conditions(writing const& to, std::optional<date> opt_out_snapshot) {
  auto const& profile = to.profile;
  auto const key = key_of(profile.person);
  std::vector<std::string> conditions{key + " IS NOT NULL"};
  if (!profile.person.latest_first.empty()) conditions.push_back(nothing_later(to, profile.person));
  if (profile.observed)
    conditions.push_back("EXISTS (SELECT 1 FROM " + to.words.table(profile.observed->table) + " AS o WHERE o." +
                         profile.observed->person_key + " = " + key + ")");
  if (profile.opt_out && opt_out_snapshot)
    conditions.push_back("NOT EXISTS (SELECT 1 FROM " + to.words.table(profile.opt_out->table) + " AS x WHERE x." +
                         profile.opt_out->person_key + " = " + key + " AND x." + profile.opt_out->registered_on +
                         " <= " + to.words.day(*opt_out_snapshot) + ")");
  return conditions;
}

std::string age_label(writing const& to, policies::dimension const& dimension) {
  if (!dimension.at) {
    to.fault("sql.type", "The age band does not say at which day.", "/by", "Add \"at\".");
    return {};
  }
  auto const labels = policies::age_band_labels(dimension.breaks);
  auto const age = to.words.number(static_cast<int>(dimension.at->year())) + " - p." + to.profile.person.birth_year;
  std::string text = "CASE";
  for (std::size_t i = labels.size(); i-- > 0;)
    text += " WHEN " + age + " >= " + to.words.number(dimension.breaks[i]) + " THEN '" + labels[i] + "'";
  return text + " END";
}

std::string year_label(writing const& to, policies::dimension const& dimension, std::string const& day) {
  auto const year = to.words.year_of(day);
  return "CASE WHEN " + year + " BETWEEN " + to.words.number(dimension.from) + " AND " + to.words.number(dimension.to) +
         " THEN CAST(" + year + " AS VARCHAR) END";
}

std::string declared_label(writing const& to, profile_dimension const& dimension) {
  std::string text = "CASE";
  for (auto const& value : dimension.values) {
    std::vector<std::string> values;
    for (auto const& one : value.of) {
      auto const* const number = std::get_if<std::int64_t>(&one);
      values.push_back(number != nullptr ? to.words.number(*number)
                                         : to.keep(to.words.text(std::get<std::string>(one)), "/by"));
    }
    text += " WHEN p." + dimension.column + " IN (" + joined(values, ", ") + ") THEN " +
            to.keep(to.words.text(value.label), "/by");
  }
  return text + " END";
}

}  // namespace

std::string write_joins(writing const& to, std::vector<table_join> const& joins, std::string_view kind) {
  std::string text;
  for (auto const& join : joins) {
    std::vector<std::string> pairs;
    for (auto const& [here, there] : join.on) pairs.push_back(join.name + "." + there + " = " + placed(here));
    text += "\n    " + std::string{kind} + " " + to.words.table(join.table) + " AS " + join.name + " ON " +
            joined(pairs, " AND ");
  }
  return text;
}

std::string write_dataset_person(writing const& to, std::optional<date> opt_out_snapshot) {
  auto const& person = to.profile.person;
  std::vector<std::string> columns{key_of(person) + " AS person_key"};
  for (auto const& column : person.columns) columns.push_back(placed(column.place) + " AS " + column.name);
  return "dataset_person AS (\n  SELECT " + joined(columns, ", ") + "\n  FROM " + to.words.table(person.table) +
         " AS t" + write_joins(to, person.joins, "LEFT JOIN") + "\n  WHERE " +
         joined(person_conditions(to, opt_out_snapshot), "\n    AND ") + "\n)";
}

std::string write_label(writing const& to, policies::dimension const& dimension, std::string const& year_of) {
  if (dimension.name == "age_band") return age_label(to, dimension);
  if (dimension.name == "year") return year_label(to, dimension, year_of);
  auto const found = std::ranges::find(to.profile.dimensions, dimension.name, &profile_dimension::name);
  return found == to.profile.dimensions.end() ? "NULL" : declared_label(to, *found);
}

}  // namespace ehds::connectors
