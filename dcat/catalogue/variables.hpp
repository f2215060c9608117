#pragma once
// The variables of a dataset: csvw tables and columns. Kept and paged apart from the record. RDF does not carry the
// order of tables and columns (HealthDCAT-AP repeats csvw:column), so they are sorted by title and name.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dcat/catalogue/record.hpp"

namespace ehds::dcat {

struct variable {
  std::string name;
  std::vector<localized> titles;
  std::vector<localized> descriptions;
  std::string datatype;      // "string", "date" ...
  std::string property_url;  // IRI of its meaning
  bool operator==(variable const&) const = default;
};

struct variable_table {
  std::string iri;
  std::string url;
  std::vector<localized> titles;
  std::vector<localized> keywords;
  std::vector<variable> columns;
  bool operator==(variable_table const&) const = default;
};

struct variable_set {
  std::vector<localized> titles;
  std::vector<variable_table> tables;
  bool operator==(variable_set const&) const = default;
  std::size_t column_count() const;
};

variable_set extract_variables(graph const& g, std::string_view dataset_iri);

// One page of columns; `matching` filters by name, title and description (words, accents and case do not matter),
// `table` by position (npos: all).
struct variable_row {
  std::size_t table = 0;
  std::size_t column = 0;
};
struct variable_page {
  std::size_t total = 0;
  std::vector<variable_row> rows;
};
inline constexpr std::size_t all_tables = static_cast<std::size_t>(-1);
variable_page page_of(variable_set const& variables, std::string_view matching, std::size_t table, std::size_t offset,
                      std::size_t limit);

std::string to_json(variable_set const& variables);
result<variable_set> variables_from_json(std::string_view json);  // catalogue.bad_row

}  // namespace ehds::dcat
