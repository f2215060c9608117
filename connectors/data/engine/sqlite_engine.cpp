#include "connectors/data/engine/sqlite_engine.hpp"

#include <sqlite3.h>

#include "connectors/data/engine/query_run.hpp"
#include "connectors/data/sqlite/connection.hpp"

namespace ehds::connectors {
namespace {

// Interrupts SQLite when the time is over: every few thousand steps of its machine it asks.
class stop_watch {
 public:
  stop_watch(sqlite::connection const& on, std::chrono::milliseconds limit)
      : on_(on.handle()), until_(std::chrono::steady_clock::now() + limit) {
    sqlite3_progress_handler(on_, 4'000, &stop_watch::is_over, this);
  }
  ~stop_watch() { sqlite3_progress_handler(on_, 0, nullptr, nullptr); }
  stop_watch(stop_watch const&) = delete;
  stop_watch& operator=(stop_watch const&) = delete;

 private:
  static int is_over(void* self) {
    return std::chrono::steady_clock::now() >= static_cast<stop_watch const*>(self)->until_ ? 1 : 0;
  }
  sqlite3* on_;
  std::chrono::steady_clock::time_point until_;
};

// Thrown inside one run and caught at its door.
struct too_many_rows {};

class sqlite_run {
 public:
  sqlite_run(sqlite::connection& database, compiled_query const& compiled, std::int64_t row_limit)
      : database_(database), compiled_(compiled), rows_left_(row_limit) {}

  void read_into(query_run& run) {
    auto const axes = static_cast<int>(compiled_.layout.axes.size());
    read(compiled_.cells, [&](sqlite::statement const& row) {
      run.cell_row(row.text(0), texts(row, 1, 1 + axes), numbers(row, 1 + axes));
    });
    read(compiled_.dataset_persons, [&](sqlite::statement const& row) { run.dataset_persons(row.integer(0)); });
    if (compiled_.denominators.empty()) return;
    read(compiled_.denominators, [&](sqlite::statement const& row) {
      run.denominator_row(texts(row, 0, row.columns() - 1), row.integer(row.columns() - 1));
    });
  }

 private:
  template <class Use>
  void read(std::string const& sql, Use const& use) {
    auto rows = database_.prepare(sql);
    while (rows.step()) {
      if (--rows_left_ < 0) throw too_many_rows{};
      use(rows);
    }
  }

  static std::vector<std::string> texts(sqlite::statement const& row, int from, int to) {
    std::vector<std::string> all;
    for (int at = from; at < to; ++at) all.push_back(row.text(at));
    return all;
  }
  static std::vector<std::int64_t> numbers(sqlite::statement const& row, int from) {
    std::vector<std::int64_t> all;
    for (int at = from; at < row.columns(); ++at) all.push_back(row.integer(at));
    return all;
  }

  sqlite::connection& database_;
  compiled_query const& compiled_;
  std::int64_t rows_left_;
};

problem limit_reached(std::string code, std::string detail) {
  return {std::move(code), std::move(detail), "", "Ask for less, or raise the limit of the engine."};
}

}  // namespace

sqlite_engine::sqlite_engine(std::filesystem::path database, dataset_profile profile, std::string token_secret,
                             clock const& now, engine_limits limits)
    : database_(std::move(database)),
      profile_(std::move(profile)),
      token_secret_(std::move(token_secret)),
      now_(now),
      limits_(limits) {}

result<policies::raw_table> sqlite_engine::run(policies::cleared_query const& cleared) try {
  if (now_.now() >= cleared.expires())
    return problem{"engine.expired", "The clearance of the query has ended.", "", "Ask for approval again."};
  auto compiled =
      compile(cleared.query(), profile_,
              {.dialect = sql_dialect::sqlite, .schema = "", .opt_out_snapshot = cleared.opt_out_snapshot()});
  if (!compiled) return std::move(compiled).error();
  auto database = sqlite::connection::open_read_only(database_);
  if (!database) return std::move(database).error();

  stop_watch const watch{*database, limits_.time};
  query_run run{cleared, *compiled, token_secret_};
  database->run("BEGIN");  // all statements see one state of the data
  sqlite_run{*database, *compiled, limits_.rows}.read_into(run);
  return std::move(run).finish();
} catch (too_many_rows const&) {
  return limit_reached("engine.row_limit", "The query touched more rows than the engine allows.");
} catch (sqlite::fault const& wrong) {
  if (wrong.code() == SQLITE_INTERRUPT)
    return limit_reached("engine.time_limit", "The query took longer than the engine allows.");
  return problem{"engine.database", std::string{"The health database refused the query: "} + wrong.what() + ".",
                 database_.filename().string(), "Compare the database with the dataset's profile."};
}

}  // namespace ehds::connectors
