#pragma once
// SQLite for health databases: a connection and its statements, closed when they go. The node's own store is elsewhere
// (node/store) and has nothing in common with this.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace ehds::connectors::sqlite {

// Something about the database or its file is wrong; the text is SQLite's and never holds values of rows.
class fault : public std::runtime_error {
 public:
  fault(int given_code, std::string const& text) : std::runtime_error(text), code_(given_code) {}
  int code() const { return code_; }

 private:
  int code_;
};

class statement {
 public:
  // Parameters count from 1, columns from 0. Text is not copied: it must live until the next step or reset.
  void bind(int at, std::int64_t value);
  void bind(int at, std::int32_t value) { bind(at, std::int64_t{value}); }
  void bind(int at, double value);
  void bind(int at, std::string_view text);
  void bind_null(int at);

  bool step();  // is there a row?
  void reset();

  int columns() const;
  std::string column_name(int at) const;
  bool is_null(int at) const;
  std::int64_t integer(int at) const;
  std::string text(int at) const;  // empty for NULL

 private:
  friend class connection;
  struct finalizer {
    void operator()(sqlite3_stmt* held) const;
  };
  explicit statement(sqlite3_stmt* held) : held_(held) {}
  std::unique_ptr<sqlite3_stmt, finalizer> held_;
};

class connection {
 public:
  // The file is opened so that nothing in it can be changed, and nothing beside it is attached.
  static result<connection> open_read_only(std::filesystem::path const& file);
  // A new file; what was there is replaced. Durability is off: made for data that can be made again.
  static connection create(std::filesystem::path const& file);
  static connection in_memory();

  void run(std::string const& sql);  // any number of statements, no rows wanted
  statement prepare(std::string_view sql);
  sqlite3* handle() const { return held_.get(); }

 private:
  struct closer {
    void operator()(sqlite3* held) const;
  };
  explicit connection(sqlite3* held) : held_(held) {}
  std::unique_ptr<sqlite3, closer> held_;
};

}  // namespace ehds::connectors::sqlite
