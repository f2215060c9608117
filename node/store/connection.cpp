#include "node/store/connection.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <new>

namespace ehds::node::store {
namespace {

// SQLite reports most of a full disk as SQLITE_FULL; growing its index of the log is an I/O fault with that errno.
fault fault_of(int code, int system_errno) {
  if ((code & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT)) return fault::disk_full;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return fault::disk_full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return fault::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fault::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fault::busy;
    case SQLITE_CONSTRAINT:
      return fault::constraint;
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    default:
      return fault::statement;
  }
}

struct binding {
  sqlite3_stmt* statement;
  int position;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, position); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, position, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, position, value); }
  int operator()(std::string_view text) const {
    char const* const bytes = text.data() != nullptr ? text.data() : "";
    return sqlite3_bind_text64(statement, position, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(blob value) const {
    char const* const bytes = value.bytes.data() != nullptr ? value.bytes.data() : "";
    return sqlite3_bind_blob64(statement, position, bytes, value.bytes.size(), SQLITE_STATIC);
  }
};

row::cell cell_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return std::monostate{};
    default: {
      auto const* const bytes = static_cast<char const*>(sqlite3_column_blob(statement, column));
      auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return bytes == nullptr ? std::string() : std::string(bytes, size);
    }
  }
}

row row_of(sqlite3_stmt* statement) {
  std::vector<row::cell> cells;
  int const count = sqlite3_column_count(statement);
  cells.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) cells.push_back(cell_of(statement, column));
  return row(std::move(cells));
}

// A statement goes back to its start, and lets go of the caller's views, however it ended.
struct rewound {
  sqlite3_stmt* statement;
  ~rewound() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

int remember_log_frames(void* frames, sqlite3*, char const*, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

}  // namespace

void connection::closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void connection::closer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

connection::connection(connection_options const& options) : log_frames_(std::make_unique<int>(0)) {
  sqlite3* raw = nullptr;
  int const how = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  char const* const vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  int const code = sqlite3_open_v2(options.path.c_str(), &raw, how | SQLITE_OPEN_NOMUTEX, vfs);
  database_.reset(raw);
  if (raw == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) raise(code, "open");
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, options.busy_milliseconds);
  // A broken store must leave its log as it is; the writer checkpoints when all is well.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // This also takes the place of automatic checkpoints.
  sqlite3_wal_hook(raw, remember_log_frames, log_frames_.get());
}

void connection::raise(int code, std::string_view statement) const {
  fault const kind = fault_of(code, sqlite3_system_errno(database_.get()));
  std::string said = sqlite3_errmsg(database_.get());
  throw store_failure(kind, said + " [" + std::to_string(sqlite3_extended_errcode(database_.get())) +
                                "] in: " + std::string(statement.substr(0, 200)));
}

sqlite3_stmt* connection::prepare(sql statement) {
  auto& slot = prepared_[statement.text().data()];
  if (slot == nullptr) {
    sqlite3_stmt* raw = nullptr;
    int const code =
        sqlite3_prepare_v3(database_.get(), statement.text().data(), static_cast<int>(statement.text().size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    slot.reset(raw);
    if (code != SQLITE_OK) raise(code, statement.text());
  }
  return slot.get();
}

std::int64_t connection::run(sql statement, std::span<bound const> values, std::function<bool(row&)> const& visit) {
  auto* const ready = prepare(statement);
  rewound const after{ready};
  if (sqlite3_bind_parameter_count(ready) != static_cast<int>(values.size()))
    throw store_failure(fault::statement, "wrong number of values for: " + std::string(statement.text()));
  int position = 0;
  for (auto const& value : values) {
    int const code = std::visit(binding{ready, ++position}, value.get());
    if (code != SQLITE_OK) raise(code, statement.text());
  }
  sqlite3_int64 const before = sqlite3_total_changes64(database_.get());
  int code = sqlite3_step(ready);
  while (code == SQLITE_ROW) {
    if (visit) {
      auto one = row_of(ready);
      if (!visit(one)) return 0;
    }
    code = sqlite3_step(ready);
  }
  if (code != SQLITE_DONE) raise(code, statement.text());
  bool const changed = sqlite3_total_changes64(database_.get()) != before;
  return changed ? sqlite3_changes64(database_.get()) : 0;
}

void connection::script(sql statements) {
  int const code = sqlite3_exec(database_.get(), statements.text().data(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(code, statements.text());
}

bool connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

void connection::checkpoint() {
  int const code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) raise(code, "checkpoint");
}

}  // namespace ehds::node::store
