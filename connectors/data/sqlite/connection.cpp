#include "connectors/data/sqlite/connection.hpp"

#include <sqlite3.h>

namespace ehds::connectors::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* on, int code) {
  throw fault{code, on != nullptr ? sqlite3_errmsg(on) : sqlite3_errstr(code)};
}

sqlite3* open(std::string const& name, int flags) {
  sqlite3* opened = nullptr;
  auto const code = sqlite3_open_v2(name.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) return opened;
  std::string const text = opened != nullptr ? sqlite3_errmsg(opened) : sqlite3_errstr(code);
  sqlite3_close_v2(opened);
  throw fault{code, text};
}

}  // namespace

void statement::finalizer::operator()(sqlite3_stmt* held) const { sqlite3_finalize(held); }
void connection::closer::operator()(sqlite3* held) const { sqlite3_close_v2(held); }

void statement::bind(int at, std::int64_t value) { sqlite3_bind_int64(held_.get(), at, value); }
void statement::bind(int at, double value) { sqlite3_bind_double(held_.get(), at, value); }
void statement::bind(int at, std::string_view text) {
  sqlite3_bind_text(held_.get(), at, text.data(), static_cast<int>(text.size()), nullptr);
}
void statement::bind_null(int at) { sqlite3_bind_null(held_.get(), at); }

bool statement::step() {
  auto const code = sqlite3_step(held_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(held_.get()), code);
}
void statement::reset() { sqlite3_reset(held_.get()); }

int statement::columns() const { return sqlite3_column_count(held_.get()); }
std::string statement::column_name(int at) const { return sqlite3_column_name(held_.get(), at); }
bool statement::is_null(int at) const { return sqlite3_column_type(held_.get(), at) == SQLITE_NULL; }
std::int64_t statement::integer(int at) const { return sqlite3_column_int64(held_.get(), at); }
std::string statement::text(int at) const {
  auto const* const bytes = static_cast<char const*>(sqlite3_column_blob(held_.get(), at));
  auto const size = sqlite3_column_bytes(held_.get(), at);
  return bytes == nullptr ? std::string{} : std::string{bytes, static_cast<std::size_t>(size)};
}

result<connection> connection::open_read_only(std::filesystem::path const& file) try {
  connection opened{open(file.string(), SQLITE_OPEN_READONLY)};
  opened.run(
      "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; "
      "PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; SELECT count(*) FROM sqlite_schema");
  return opened;
} catch (fault const& wrong) {
  return problem{"connectors.data.open", std::string{"The health database cannot be opened: "} + wrong.what() + ".",
                 file.filename().string(), "Check the path, the rights and that it is an SQLite file."};
}

connection connection::create(std::filesystem::path const& file) {
  std::filesystem::remove(file);
  connection made{open(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)};
  made.run(
      "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536");
  return made;
}

connection connection::in_memory() {
  return connection{open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY)};
}

void connection::run(std::string const& sql) {
  auto const code = sqlite3_exec(held_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(held_.get(), code);
}

statement connection::prepare(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  auto const code = sqlite3_prepare_v2(held_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr);
  if (code != SQLITE_OK) fail(held_.get(), code);
  return statement{made};
}

}  // namespace ehds::connectors::sqlite
