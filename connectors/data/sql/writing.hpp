#pragma once
// What every part of the compiler shares: the question, the profile, the dialect, and the problems found so far.
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "connectors/data/profile/dataset_profile.hpp"
#include "connectors/data/sql/words.hpp"
#include "policies/aggregate_query.hpp"

namespace ehds::connectors {

struct writing {
  policies::aggregate_query const& query;
  dataset_profile const& profile;
  sql_words words;
  problems& found;

  void fault(std::string code, std::string detail, std::string where, std::string mend) const {
    found.push_back({std::move(code), std::move(detail), std::move(where), std::move(mend)});
  }
  // The text of a result, or empty with its problem noted at `where`.
  std::string keep(result<std::string> written, std::string const& where) const;
};

inline std::string joined(std::vector<std::string> const& parts, std::string_view between) {
  std::string all;
  for (auto const& part : parts) {
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

// concept_sets.cpp: one common table expression for each set of concept items, named by its place: set_1, set_2.
std::vector<std::string> write_concept_sets(writing const& to);
std::string concept_set_name(writing const& to, std::string_view set);

// conditions.cpp
std::string write_column_test(writing const& to, policies::column_test const& test,
                              std::vector<profile_column> const& columns, std::string const& expression,
                              std::string const& where);
std::string write_filter(writing const& to, policies::filter const& filter, std::string const& where);

// event_rows.cpp: SELECT person_key, on_date, row_1.., and the wanted columns under their names.
std::string write_event_rows(writing const& to, policies::event_rows const& rows,
                             std::vector<std::string> const& wanted, std::string const& where);

// persons.cpp
std::string write_joins(writing const& to, std::vector<table_join> const& joins, std::string_view kind);
std::string write_dataset_person(writing const& to, std::optional<date> opt_out_snapshot);
// The label of a dimension for the person p; `year_of` is the day that dimension year looks at.
std::string write_label(writing const& to, policies::dimension const& dimension, std::string const& year_of);

}  // namespace ehds::connectors
