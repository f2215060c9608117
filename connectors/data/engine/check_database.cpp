#include "connectors/data/engine/check_database.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "connectors/data/sqlite/connection.hpp"

namespace ehds::connectors {
namespace {

using wanted_columns = std::map<std::string, std::set<std::string>>;  // table -> columns

class gathering {
 public:
  void rows(std::string const& table, std::vector<table_join> const& joins,
            std::vector<profile_column> const& columns) {
    wanted_[table];
    auto const table_at = [&](std::string const& place) {
      auto const found = std::ranges::find(joins, place, &table_join::name);
      return found == joins.end() ? table : found->table;
    };
    for (auto const& join : joins) {
      wanted_[join.table];
      for (auto const& [ours, theirs] : join.on) {
        wanted_[table_at(ours.at)].insert(ours.column);
        wanted_[join.table].insert(theirs);
      }
    }
    for (auto const& column : columns) wanted_[table_at(column.place.at)].insert(column.place.column);
  }
  void list(std::string const& table, std::set<std::string> const& columns) {
    wanted_[table].insert(columns.begin(), columns.end());
  }
  wanted_columns const& all() const { return wanted_; }

 private:
  wanted_columns wanted_;
};

wanted_columns wanted_by(dataset_profile const& profile) {
  gathering all;
  all.rows(profile.person.table, profile.person.joins, profile.person.columns);
  for (auto const& table : profile.tables) {
    all.rows(table.table, table.joins, table.columns);
    if (table.concept_column.empty()) continue;
    all.list("concept", {"concept_id", "invalid_reason"});
    all.list("concept_ancestor", {"ancestor_concept_id", "descendant_concept_id"});
  }
  if (profile.observed) all.list(profile.observed->table, {profile.observed->person_key});
  if (profile.opt_out) all.list(profile.opt_out->table, {profile.opt_out->person_key, profile.opt_out->registered_on});
  return all.all();
}

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::set<std::string> columns_of(sqlite::connection& database, std::string const& table) {
  auto rows = database.prepare("SELECT name FROM pragma_table_info(?)");
  rows.bind(1, std::string_view{table});
  std::set<std::string> names;
  while (rows.step()) names.insert(lower(rows.text(0)));
  return names;
}

}  // namespace

problems check_database(std::filesystem::path const& database, dataset_profile const& profile) try {
  auto opened = sqlite::connection::open_read_only(database);
  if (!opened) return {opened.error()};
  problems found;
  auto const mend = "Name the profile that the database has (this one is " + profile.variant + "), or load the table.";
  for (auto const& [table, columns] : wanted_by(profile)) {
    auto const there = columns_of(*opened, table);
    if (there.empty()) {
      found.push_back({"connectors.data.table", "The health database has no table " + table + ".",
                       database.filename().string(), mend});
      continue;
    }
    for (auto const& column : columns)
      if (!there.contains(lower(column)))
        found.push_back({"connectors.data.column",
                         "The table " + table + " of the health database has no column " + column + ".",
                         database.filename().string(), mend});
  }
  return found;
} catch (sqlite::fault const& wrong) {
  return {{"connectors.data.open", std::string{"The health database cannot be read: "} + wrong.what() + ".",
           database.filename().string(), "Check the path, the rights and that it is an SQLite file."}};
}

}  // namespace ehds::connectors
