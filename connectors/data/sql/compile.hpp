#pragma once
// An aggregate query and a profile become SQL text. Deterministic: equal input, equal text. All values stand in the
// text as checked literals (whole numbers, dates, escaped texts); all names come from the profile.
#include <optional>
#include <string>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/data/profile/dataset_profile.hpp"
#include "policies/aggregate_query.hpp"
#include "policies/table_layout.hpp"

namespace ehds::connectors {

enum class sql_dialect { sqlite, postgresql, trino };
result<sql_dialect> read_dialect(std::string_view word);  // "sqlite", "postgresql", "trino"

struct sql_choices {
  sql_dialect dialect = sql_dialect::sqlite;
  std::string schema;  // "cdm" or "hive.cdm"; empty: none
  // Persons who objected on or before this day are left out (Art. 71). Absent only where SQL is shown, not run.
  std::optional<date> opt_out_snapshot;
};

struct compiled_query {
  policies::table_layout layout;
  // A row for each person and cell: person_key, d1..dn (labels; NULL: in no cell), m1..mk (one for each measure that
  // is not persons).
  std::string cells;
  std::string dataset_persons;  // one number
  std::string denominators;     // d1..dn of the person dimensions, persons; empty unless the query wants it
};

// Problems: sql.variant, sql.table, sql.column, sql.type, sql.codes, sql.concept_set, sql.literal, and those of
// policies::lay_out. compile gives the first, faults_for all; where is a place in the query.
result<compiled_query> compile(policies::aggregate_query const& query, dataset_profile const& profile,
                               sql_choices const& choices);
problems faults_for(policies::aggregate_query const& query, dataset_profile const& profile);

// All statements with a comment line before each: what `ehds-node query sql` prints.
std::string to_script(compiled_query const& compiled);

}  // namespace ehds::connectors
