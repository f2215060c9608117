#include "connectors/data/sql/writing.hpp"

namespace ehds::connectors {
namespace {

using policies::comparison;

std::string write_value(writing const& to, policies::scalar const& value, column_type type, std::string const& where) {
  if (auto const* const number = std::get_if<std::int64_t>(&value)) {
    if (type == column_type::integer) return to.words.number(*number);
  } else if (type == column_type::text) {
    return to.keep(to.words.text(std::get<std::string>(value)), where);
  } else if (type == column_type::day) {
    if (auto const day = parse_date(std::get<std::string>(value))) return to.words.day(*day);
  }
  to.fault("sql.type", "A value is not of the column's type.", where,
           "Write whole numbers without quotes, dates as YYYY-MM-DD, other texts in quotes.");
  return {};
}

std::string write_comparison(comparison op, std::string const& expression, std::vector<std::string> const& values) {
  switch (op) {
    case comparison::equals:
      return expression + " = " + values.front();
    case comparison::in:
      return expression + " IN (" + joined(values, ", ") + ")";
    case comparison::between:
      return expression + " BETWEEN " + values.front() + " AND " + values.back();
    case comparison::at_least:
      return expression + " >= " + values.front();
    case comparison::at_most:
      return expression + " <= " + values.front();
  }
  return {};
}

std::string write_parts(writing const& to, std::vector<policies::filter> const& parts, std::string_view between,
                        std::string const& where) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < parts.size(); ++i)
    texts.push_back(write_filter(to, parts[i], where + "/" + std::to_string(i)));
  return texts.size() == 1 ? texts.front() : "(" + joined(texts, between) + ")";
}

struct filter_writer {
  writing const& to;
  std::string where;

  std::string operator()(policies::all_of const& all) const {
    return all.parts.empty() ? "1 = 1" : write_parts(to, all.parts, "\n    AND ", where + "/all");
  }
  std::string operator()(policies::any_of const& any) const {
    return any.parts.empty() ? "1 = 0" : write_parts(to, any.parts, "\n    OR ", where + "/any");
  }
  std::string operator()(policies::none_of const& none) const {
    return "NOT (" + (none.part.empty() ? "1 = 0" : write_filter(to, none.part.front(), where + "/not")) + ")";
  }
  std::string operator()(policies::column_test const& test) const {
    return write_column_test(to, test, to.profile.person.columns, "p." + test.column, where);
  }
  std::string operator()(policies::exists_in const& exists) const {
    auto const rows = write_event_rows(to, exists.rows, {}, where + "/exists_in");
    auto text = "p.person_key IN (SELECT e.person_key FROM (\n    " + rows + "\n    ) AS e";
    if (exists.at_least > 1) text += " GROUP BY e.person_key HAVING COUNT(*) >= " + to.words.number(exists.at_least);
    return text + ")";
  }
};

}  // namespace

std::string writing::keep(result<std::string> written, std::string const& where) const {
  if (written) return *std::move(written);
  auto wrong = std::move(written).error();
  wrong.where = where;
  found.push_back(std::move(wrong));
  return {};
}

// Two-valued on purpose: a missing value fails the test and passes its negation, in every dialect alike.
std::string write_column_test(writing const& to, policies::column_test const& test,
                              std::vector<profile_column> const& columns, std::string const& expression,
                              std::string const& where) {
  auto const* const column = find_column(columns, test.column);
  if (column == nullptr) {
    to.fault("sql.column", "The dataset offers no column \"" + test.column + "\" here.", where,
             "Use a column that the dataset's profile declares.");
    return {};
  }
  auto const ordered = test.op != comparison::equals && test.op != comparison::in;
  if (test.values.empty() || (column->type == column_type::text && ordered)) {
    to.fault("sql.type", "The comparison does not fit the column \"" + test.column + "\".", where,
             "Compare texts by equals or in.");
    return {};
  }
  std::vector<std::string> values;
  for (auto const& value : test.values) values.push_back(write_value(to, value, column->type, where));
  return "(" + expression + " IS NOT NULL AND " + write_comparison(test.op, expression, values) + ")";
}

std::string write_filter(writing const& to, policies::filter const& filter, std::string const& where) {
  return std::visit(filter_writer{to, where}, filter.is);
}

}  // namespace ehds::connectors
