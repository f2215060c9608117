#include "connectors/data/sql/words.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "connectors/data/profile/check_profile.hpp"

namespace ehds::connectors {
namespace {

constexpr std::size_t longest_text = 400;

bool is_code_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

}  // namespace

result<sql_dialect> read_dialect(std::string_view word) {
  if (word == "sqlite") return sql_dialect::sqlite;
  if (word == "postgresql") return sql_dialect::postgresql;
  if (word == "trino") return sql_dialect::trino;
  return problem{"sql.dialect", "\"" + std::string{word} + "\" is no SQL dialect that is known here.", "--dialect",
                 "Use sqlite, postgresql or trino."};
}

std::string sql_words::day(date value) const {
  return (dialect_ == sql_dialect::sqlite ? "'" : "DATE '") + to_text(value) + "'";
}

result<std::string> sql_words::text(std::string_view value) const {
  auto const unsafe = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; };
  if (value.size() > longest_text || !is_utf8(value) || std::ranges::any_of(value, unsafe))
    return problem{"sql.literal", "A text holds characters that cannot stand in a query.", "",
                   "Use printable characters without backslash, at most 400 bytes."};
  std::string quoted = "'";
  for (char const c : value) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

result<std::string> sql_words::starts_with(std::string_view column, std::string_view prefix) const {
  if (prefix.empty() || prefix.size() > 20 || !std::ranges::all_of(prefix, is_code_letter))
    return problem{"sql.codes", "A code prefix holds other characters than letters, digits, dot and hyphen.", "",
                   "Write the code as its system does, such as E11 or E11.9."};
  // GLOB minds case and uses the index, which SQLite's LIKE does not.
  if (dialect_ == sql_dialect::sqlite) return std::string{column} + " GLOB '" + std::string{prefix} + "*'";
  return std::string{column} + " LIKE '" + std::string{prefix} + "%'";
}

std::string sql_words::year_of(std::string_view day) const {
  std::string const of{day};
  switch (dialect_) {
    case sql_dialect::sqlite:
      return "CAST(substr(" + of + ", 1, 4) AS INTEGER)";
    case sql_dialect::postgresql:
      return "CAST(EXTRACT(YEAR FROM " + of + ") AS INTEGER)";
    case sql_dialect::trino:
      return "CAST(year(" + of + ") AS INTEGER)";
  }
  return of;
}

std::string sql_words::table(std::string_view name) const {
  return schema_.empty() ? std::string{name} : schema_ + "." + std::string{name};
}

bool is_schema_name(std::string_view schema) {
  for (;;) {
    auto const dot = schema.find('.');
    if (!is_plain_name(schema.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    schema.remove_prefix(dot + 1);
  }
}

}  // namespace ehds::connectors
