#pragma once
// One SQLite connection, used by one thread at a time. Internal to the store: rooms see reading and transaction.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/store/row.hpp"
#include "node/store/sql.hpp"
#include "node/store/store_failure.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace ehds::node::store {

struct connection_options {
  std::string path;
  std::string vfs;
  bool read_only = false;
  int busy_milliseconds = 5'000;
};

class connection {
 public:
  explicit connection(connection_options const& options);  // throws store_failure

  // Runs a statement; visit sees each row, which it may take, and says whether to go on. Returns the number of rows
  // changed.
  std::int64_t run(sql statement, std::span<bound const> values, std::function<bool(row&)> const& visit = nullptr);
  // Several statements without values (migrations, BEGIN, COMMIT).
  void script(sql statements);

  bool in_transaction() const;
  // Frames in the log after the last commit of this connection.
  int log_frames() const { return *log_frames_; }
  // Copies what is committed from the log into the file, as far as no reader needs it.
  void checkpoint();

 private:
  struct closer {
    void operator()(sqlite3* database) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using prepared = std::unique_ptr<sqlite3_stmt, closer>;

  sqlite3_stmt* prepare(sql statement);
  [[noreturn]] void raise(int code, std::string_view statement) const;

  std::unique_ptr<int> log_frames_;  // written by SQLite's hook, so it must not move
  std::unique_ptr<sqlite3, closer> database_;
  // Literals live as long as the program, so their address names them.
  std::unordered_map<char const*, prepared> prepared_;
};

}  // namespace ehds::node::store
