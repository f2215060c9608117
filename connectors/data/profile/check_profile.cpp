#include "connectors/data/profile/check_profile.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace ehds::connectors {
namespace {

class profile_check {
 public:
  explicit profile_check(problems& found) : found_(found) {}

  void name(std::string const& text, std::string const& where) {
    if (!is_plain_name(text))
      found_.push_back({"profile.value", "\"" + text + "\" is no plain identifier.", where,
                        "Use lower-case letters, digits and underscores."});
  }

  void reference(bool holds, std::string const& text, std::string const& where, std::string const& mend) {
    if (!holds)
      found_.push_back({"profile.reference", "\"" + text + "\" is not declared as needed here.", where, mend});
  }

  void column(std::vector<profile_column> const& columns, std::string const& text, std::string const& where) {
    reference(find_column(columns, text) != nullptr, text, where, "Declare it under columns.");
  }

  void column_of(std::vector<profile_column> const& columns, std::string const& text, column_type type,
                 std::string const& where) {
    auto const* const declared = find_column(columns, text);
    reference(declared != nullptr && declared->type == type, text, where, "Declare it under columns with that type.");
  }

  void shape(std::string const& table, std::vector<table_join> const& joins, std::vector<profile_column> const& columns,
             std::string const& where) {
    name(table, where + "/table");
    std::set<std::string> places{"t"};
    for (auto const& join : joins) {
      name(join.name, where + "/joins");
      name(join.table, where + "/joins");
      reference(!join.on.empty(), join.name, where + "/joins", "Say on which columns it joins.");
      for (auto const& [here, there] : join.on) {
        name(there, where + "/joins");
        reference(places.contains(here.at), here.at, where + "/joins", "Declare that join before this one.");
      }
      reference(places.insert(join.name).second, join.name, where + "/joins", "Give each join its own name.");
    }
    std::set<std::string> names;
    for (auto const& one : columns) {
      name(one.name, where + "/columns");
      reference(places.contains(one.place.at), one.place.at, where + "/columns", "Declare the join.");
      reference(names.insert(one.name).second, one.name, where + "/columns", "Name each column once.");
    }
  }

 private:
  problems& found_;
};

void check_person(person_table const& person, profile_check& check) {
  check.shape(person.table, person.joins, person.columns, "/person");
  check.column(person.columns, person.key, "/person/key");
  check.column_of(person.columns, person.birth_year, column_type::integer, "/person/birth_year");
  for (auto const& one : person.latest_first) {
    auto const* const column = find_column(person.columns, one);
    check.reference(column != nullptr && column->place.at == "t", one, "/person/latest_first",
                    "Declare it as a column of the table itself.");
  }
}

void check_table(event_table const& table, std::string const& where, profile_check& check) {
  check.name(table.name, where + "/name");
  check.shape(table.table, table.joins, table.columns, where);
  check.column(table.columns, table.person_key, where + "/person_key");
  check.column_of(table.columns, table.date, column_type::day, where + "/date");
  for (auto const& one : table.row_key) check.column(table.columns, one, where + "/row_key");
  for (auto const& one : table.codes) check.column_of(table.columns, one.column, column_type::text, where + "/codes");
  if (!table.concept_column.empty())
    check.column_of(table.columns, table.concept_column, column_type::integer, where + "/concept_column");
  if (!table.net_quantity.empty())
    check.column_of(table.columns, table.net_quantity, column_type::integer, where + "/net_quantity");
}

void check_dimension(profile_dimension const& dimension, person_table const& person, std::string const& where,
                     profile_check& check) {
  check.name(dimension.name, where + "/name");
  auto const* const column = find_column(person.columns, dimension.column);
  check.reference(column != nullptr, dimension.column, where + "/column", "Declare it under the person's columns.");
  if (column == nullptr) return;
  for (auto const& value : dimension.values)
    for (auto const& one : value.of)
      check.reference(std::holds_alternative<std::int64_t>(one) == (column->type == column_type::integer), value.label,
                      where + "/values", "Write values of the column's type.");
}

}  // namespace

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > 63 || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void check_profile(dataset_profile const& profile, problems& found) {
  profile_check check{found};
  check_person(profile.person, check);
  std::set<std::string> names;
  for (std::size_t i = 0; i < profile.tables.size(); ++i) {
    auto const where = "/tables/" + std::to_string(i);
    check_table(profile.tables[i], where, check);
    check.reference(names.insert(profile.tables[i].name).second, profile.tables[i].name, where, "Name it once.");
  }
  for (std::size_t i = 0; i < profile.dimensions.size(); ++i)
    check_dimension(profile.dimensions[i], profile.person, "/dimensions/" + std::to_string(i), check);
  if (profile.observed) {
    check.name(profile.observed->table, "/observed/table");
    check.name(profile.observed->person_key, "/observed/person_key");
  }
  if (profile.opt_out) {
    check.name(profile.opt_out->table, "/opt_out/table");
    check.name(profile.opt_out->person_key, "/opt_out/person_key");
    check.name(profile.opt_out->registered_on, "/opt_out/registered_on");
  }
}

}  // namespace ehds::connectors
