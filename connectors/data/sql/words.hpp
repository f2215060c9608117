#pragma once
// How a dialect writes values and the few functions that differ. A value that cannot be written safely is refused,
// never repaired.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/data/sql/compile.hpp"

namespace ehds::connectors {

class sql_words {
 public:
  sql_words(sql_dialect dialect, std::string schema) : dialect_(dialect), schema_(std::move(schema)) {}

  std::string number(std::int64_t value) const { return std::to_string(value); }
  std::string day(date value) const;
  // In quotes, quotes doubled. Problem sql.literal: control characters, no UTF-8, a backslash (some servers read it as
  // an escape), more than 400 bytes.
  result<std::string> text(std::string_view value) const;
  // Letters, digits, dot and hyphen only, so that no dialect sees a pattern in it. Problem sql.codes.
  result<std::string> starts_with(std::string_view column, std::string_view prefix) const;

  std::string year_of(std::string_view day) const;
  std::string table(std::string_view name) const;  // with the schema before it

 private:
  sql_dialect dialect_;
  std::string schema_;
};

bool is_schema_name(std::string_view schema);  // plain names with dots between

}  // namespace ehds::connectors
