#pragma once
// Rows into one SQLite table and, when wanted, into a CSV file of the same name and columns.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/data/sqlite/connection.hpp"

namespace ehds::connectors::synthetic {

struct table {
  std::string_view name;
  std::string_view columns;  // as CREATE TABLE takes them
  std::string_view filled;   // the columns that rows bring, with ", " between; the others stay NULL
};

class table_writer {
 public:
  // Makes the table. An empty folder: no CSV.
  table_writer(sqlite::connection& to, table const& shape, std::filesystem::path const& csv_folder);
  table_writer(table_writer&&) = default;
  ~table_writer();

  // As many values as the table has filled columns: whole numbers, text, double, std::nullopt for NULL.
  template <class... Values>
  void add(Values const&... values) {
    int at = 0;
    (put(++at, values), ...);
    end_row();
  }

 private:
  struct file_closer {
    void operator()(std::FILE* held) const;
  };
  void put(int at, std::int64_t value);
  void put(int at, std::int32_t value) { put(at, std::int64_t{value}); }
  void put(int at, double value);
  void put(int at, std::string_view value);
  void put(int at, char const* value) { put(at, std::string_view{value}); }
  void put(int at, std::nullopt_t value);
  template <class Value>
  void put(int at, std::optional<Value> const& value) {
    if (value) {
      put(at, *value);
    } else {
      put(at, std::nullopt);
    }
  }
  void separate(int at);
  void end_row();
  void spill();

  sqlite::statement insert_;
  std::unique_ptr<std::FILE, file_closer> csv_;
  std::string waiting_;  // CSV text not yet written
};

}  // namespace ehds::connectors::synthetic
