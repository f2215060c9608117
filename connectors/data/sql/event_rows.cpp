#include <algorithm>

#include "connectors/data/sql/writing.hpp"

namespace ehds::connectors {
namespace {

std::string plain_code(std::string code, code_column const& column) {
  if (column.without_dot) std::erase(code, '.');
  return code;
}

// One table's rows of one question.
class event_rows_writing {
 public:
  event_rows_writing(writing const& to, event_table const& table, std::string where)
      : to_(to), table_(table), where_(std::move(where)) {}

  std::string write(policies::event_rows const& rows, std::vector<std::string> const& wanted) {
    select(wanted);
    conditions_.push_back(expression(table_.person_key) + " IS NOT NULL");
    if (!rows.concept_set.empty()) of_concept_set(rows.concept_set);
    if (rows.window)
      conditions_.push_back(expression(table_.date) + " BETWEEN " + to_.words.day(rows.window->from) + " AND " +
                            to_.words.day(rows.window->to));
    for (auto const& test : rows.where) {
      auto const net = test.column == table_.net_quantity;
      auto text = write_column_test(to_, test, table_.columns, net ? "n.net_quantity" : expression(test.column),
                                    where_ + "/where");
      (net ? net_conditions_ : conditions_).push_back(std::move(text));
    }
    return text();
  }

 private:
  std::string expression(std::string const& column) const {
    auto const* const declared = find_column(table_.columns, column);
    if (declared == nullptr) return "NULL";
    return declared->place.at + "." + declared->place.column;
  }

  void select(std::vector<std::string> const& wanted) {
    add(expression(table_.person_key), "person_key");
    add(expression(table_.date), "on_date");
    for (std::size_t i = 0; i < table_.row_key.size(); ++i)
      add(expression(table_.row_key[i]), "row_" + std::to_string(i + 1));
    for (auto const& one : wanted) {
      auto const* const declared = find_column(table_.columns, one);
      if (declared == nullptr || declared->type != column_type::integer)
        to_.fault("sql.column", "The dataset offers no whole numbers \"" + one + "\" here.", where_,
                  "Use an integer column that the dataset's profile declares.");
      add(one == table_.net_quantity ? net_sum() : expression(one), "value_of_" + one);
    }
  }

  void add(std::string const& written, std::string const& name) {
    columns_.push_back(written + " AS " + name);
    names_.push_back("n." + name);
  }

  void of_concept_set(std::string const& name) {
    auto const* const set = policies::find_concept_set(to_.query, name);
    if (set == nullptr) return to_.fault("sql.concept_set", "The concept set is not there.", where_, "Add it.");
    if (set->items.empty()) return of_codes(*set);
    if (table_.concept_column.empty())
      return to_.fault("sql.concept_set", "The table holds no concept ids.", where_,
                       "Give the concept set as a code system with prefixes or codes.");
    conditions_.push_back(expression(table_.concept_column) + " IN (SELECT concept_id FROM " +
                          concept_set_name(to_, name) + ")");
  }

  void of_codes(policies::concept_set const& set) {
    std::vector<std::string> tests;
    for (auto const& column : table_.codes) {
      if (column.system != set.system) continue;
      auto const place = expression(column.column);
      for (auto const& prefix : set.prefixes)
        tests.push_back(to_.keep(to_.words.starts_with(place, plain_code(prefix, column)), where_));
      std::vector<std::string> codes;
      for (auto const& code : set.codes) codes.push_back(to_.keep(to_.words.text(plain_code(code, column)), where_));
      if (!codes.empty()) tests.push_back(place + " IN (" + joined(codes, ", ") + ")");
    }
    if (tests.empty())
      return to_.fault("sql.codes", "The table \"" + table_.name + "\" has no codes of the system " + set.system + ".",
                       where_, "Use a system that the dataset's profile declares for this table.");
    conditions_.push_back(tests.size() == 1 ? tests.front() : "(" + joined(tests, " OR ") + ")");
  }

  std::string rows(std::vector<std::string> const& columns) const {
    return "SELECT " + joined(columns, ", ") + "\n    FROM " + to_.words.table(table_.table) + " AS t" +
           write_joins(to_, table_.joins, "JOIN") + "\n    WHERE " + joined(conditions_, "\n      AND ");
  }

  // Rows that agree in everything but the quantity.
  std::string over_copies() const {
    std::vector<std::string> agreeing;
    for (auto const& column : table_.columns)
      if (column.name != table_.net_quantity) agreeing.push_back(expression(column.name));
    return " OVER (PARTITION BY " + joined(agreeing, ", ") + ")";
  }
  std::string net_sum() const { return "SUM(" + expression(table_.net_quantity) + ")" + over_copies(); }

  std::string text() const {
    if (table_.net_quantity.empty()) return rows(columns_);
    auto columns = columns_;
    columns.push_back(net_sum() + " AS net_quantity");
    columns.push_back("ROW_NUMBER()" + over_copies() + " AS copy");
    auto conditions = net_conditions_;
    conditions.insert(conditions.begin(), {"n.copy = 1", "n.net_quantity > 0"});
    return "SELECT " + joined(names_, ", ") + " FROM (\n    " + rows(columns) + "\n    ) AS n\n    WHERE " +
           joined(conditions, " AND ");
  }

  writing const& to_;
  event_table const& table_;
  std::string where_;
  std::vector<std::string> columns_;
  std::vector<std::string> conditions_;
  std::vector<std::string> names_;
  std::vector<std::string> net_conditions_;
};

}  // namespace

std::string write_event_rows(writing const& to, policies::event_rows const& rows,
                             std::vector<std::string> const& wanted, std::string const& where) {
  auto const* const table = find_table(to.profile, rows.table);
  if (table == nullptr) {
    to.fault("sql.table", "The dataset offers no table \"" + rows.table + "\".", where,
             "Use a table that the dataset's profile declares.");
    return {};
  }
  return event_rows_writing{to, *table, where}.write(rows, wanted);
}

}  // namespace ehds::connectors
