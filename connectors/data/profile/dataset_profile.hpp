#pragma once
// What a dataset offers to queries: its tables, typed columns, code columns, the joins that may be made, and the closed
// lists of values of its dimensions. What a profile does not name, no query can reach. Profiles are JSON files
// (connectors/data/profiles); names of tables and columns reach SQL from here alone, never from a query.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "policies/aggregate_query.hpp"
#include "policies/table_layout.hpp"

namespace ehds::connectors {

enum class column_type { integer, text, day };

// "t" is the table itself, any other place one of its joins.
struct column_place {
  std::string at = "t";
  std::string column;
  bool operator==(column_place const&) const = default;
};

struct profile_column {
  std::string name;  // as queries call it
  column_type type = column_type::text;
  column_place place;
};

struct table_join {
  std::string name;  // how places refer to it
  std::string table;
  std::vector<std::pair<column_place, std::string>> on;  // a place known so far = a column of the joined table
};

// Codes of a public system in a text column.
struct code_column {
  std::string column;
  std::string system;        // "ICD-10", "ATC"
  bool without_dot = false;  // E119 for E11.9
};

// Rows that queries may count or ask for.
struct event_table {
  std::string name;
  std::string table;
  std::vector<table_join> joins;
  std::vector<profile_column> columns;
  std::string person_key;            // a column; equal to the person table's key
  std::string date;                  // a column of type day
  std::vector<std::string> row_key;  // columns that order rows of one day
  std::string concept_column;        // OMOP: holds concept ids
  std::vector<code_column> codes;    // flat tables
  // Claims with corrections: rows that agree in all other columns are one, and count when this column's sum is above
  // zero. Empty: every row counts.
  std::string net_quantity;
};

struct person_table {
  std::string table;
  std::vector<table_join> joins;
  std::vector<profile_column> columns;
  std::string key;         // the only thing that persons are counted by
  std::string birth_year;  // a column of type integer
  // Several rows a person: the one with the highest of these columns counts. Own columns of the table, never NULL, and
  // no two rows of a person agree in all of them. The table wants an index on the key.
  std::vector<std::string> latest_first;
};

// Persons without a row in this table are not of the dataset.
struct observed_persons {
  std::string table;
  std::string person_key;
};

struct opt_out_list {
  std::string table;
  std::string person_key;
  std::string registered_on;
};

struct dimension_value {
  std::string label;
  std::vector<policies::scalar> of;  // values of the column that mean it
  std::string country;               // empty: everywhere
};

struct profile_dimension {
  std::string name;
  std::string column;  // of the person table
  std::vector<dimension_value> values;
};

struct dataset_profile {
  std::string name;
  std::string variant;  // as queries say it: "omop-5.4", "flat:snds"
  person_table person;
  std::vector<event_table> tables;
  std::vector<profile_dimension> dimensions;
  std::optional<observed_persons> observed;
  std::optional<opt_out_list> opt_out;
};

// Strict: an unknown member, an unknown column, a name that is no plain identifier are refused. read gives the first
// problem, faults_in_profile all. Codes: profile.json, .unknown_member, .missing, .type, .value, .reference.
result<dataset_profile> read_profile(std::string_view json);
problems faults_in_profile(std::string_view json);

// Drops the dimension values of other countries.
dataset_profile profile_of_country(dataset_profile profile, std::string_view country);

// For policies::lay_out.
std::vector<policies::declared_dimension> declared_dimensions(dataset_profile const& profile);

event_table const* find_table(dataset_profile const& profile, std::string_view name);
profile_column const* find_column(std::vector<profile_column> const& columns, std::string_view name);

}  // namespace ehds::connectors
