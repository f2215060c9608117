#include "node/store/database.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "node/store/fail_point.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/store_failure.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

std::vector<migration> pets() {
  return {{"pets", 1, "CREATE TABLE pets_cat (name TEXT PRIMARY KEY, age INTEGER, weight REAL, photo BLOB)"}};
}

database opened(fresh_folder const& folder, std::vector<migration> steps = pets()) {
  return database::open(folder / "s.sqlite", {.migrations = std::move(steps)}).value();
}

result<void> add(database& db, std::string const& name) {
  return db.commit([&](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat (name) VALUES (?)", name);
    return {};
  });
}

std::int64_t cats(database const& db) {
  return db.read([](reading& now) { return now.first("SELECT count(*) FROM pets_cat")->integer(0); });
}

}  // namespace

TEST_CASE("what was committed is there after the store was closed and opened again") {
  fresh_folder const folder;
  {
    auto db = opened(folder);
    REQUIRE(add(db, "Minou"));
  }
  auto db = opened(folder);

  CHECK(cats(db) == 1);
}

TEST_CASE("values of every kind go in and come back") {
  fresh_folder const folder;
  auto db = opened(folder);
  std::string const photo("\0\xff\1", 3);

  auto const done = db.commit([&](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat VALUES (?, ?, ?, ?)", "Minou", 7U, 4.5, blob{photo});
    tx.run("INSERT INTO pets_cat VALUES (?, ?, ?, ?)", std::string_view("Tiger"), nullptr, std::optional<double>(),
           std::nullopt);
    tx.run("INSERT INTO pets_cat VALUES (?, ?, ?, ?)", std::string(), instant{std::chrono::milliseconds{5}}, 2,
           blob{""});
    return {};
  });

  REQUIRE(done);
  auto const found = db.read([](reading& now) { return now.rows("SELECT * FROM pets_cat ORDER BY name"); });
  REQUIRE(found.size() == 3);
  CHECK(found[1].text(0) == "Minou");
  CHECK(found[1].integer(1) == 7);
  CHECK(found[1].real(2) == 4.5);
  CHECK(found[1].text(3) == photo);
  CHECK(found[1].maybe_integer(1) == 7);
  CHECK(found[1].maybe_real(2) == 4.5);
  CHECK(found[2].is_null(1));
  CHECK_FALSE(found[2].maybe_integer(1));
  CHECK_FALSE(found[2].maybe_real(2));
  CHECK_FALSE(found[2].maybe_text(3));
  CHECK_FALSE(found[2].maybe_time(1));
  CHECK(found[0].text(0).empty());
  CHECK(found[0].time(1) == instant{std::chrono::milliseconds{5}});
  CHECK(found[0].maybe_time(1) == instant{std::chrono::milliseconds{5}});
  CHECK(found[0].truth(1));
  CHECK(found[0].real(2) == 2.0);
  CHECK(found[0].text(3).empty());
}

TEST_CASE("an effect that is refused leaves no trace, and its problem comes back unchanged") {
  fresh_folder const folder;
  auto db = opened(folder);

  auto const refused = db.commit([](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat (name) VALUES ('Minou')");
    return problem{"pets.full", "The house is full.", "", ""};
  });

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "pets.full");
  CHECK(cats(db) == 0);
  CHECK(db.healthy());
}

TEST_CASE("an effect that throws is rolled back alone and its exception reaches its caller") {
  fresh_folder const folder;
  auto db = opened(folder);
  REQUIRE(add(db, "Minou"));

  CHECK_THROWS_WITH(db.commit([](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat (name) VALUES ('Tiger')");
    throw std::runtime_error("a mistake");
  }),
                    "a mistake");
  CHECK_THROWS_AS(add(db, "Minou"), store_failure);  // the same name twice, and no ON CONFLICT

  CHECK(cats(db) == 1);
  CHECK(db.healthy());
  CHECK(add(db, "Felix"));
}

TEST_CASE("a thing is accepted once: the count of changed rows tells") {
  fresh_folder const folder;
  auto db = opened(folder);
  std::vector<std::int64_t> changed;

  for (int turn = 0; turn < 2; ++turn) {
    auto const done = db.commit([&](transaction& tx) -> result<void> {
      changed.push_back(tx.run("INSERT INTO pets_cat (name) VALUES ('Minou') ON CONFLICT DO NOTHING"));
      return {};
    });
    REQUIRE(done);
  }

  CHECK(changed == std::vector<std::int64_t>{1, 0});
}

TEST_CASE("log numbers run without gaps, also when effects are refused") {
  fresh_folder const folder;
  auto db = opened(folder);
  std::vector<std::int64_t> given;

  for (int turn = 0; turn < 4; ++turn) {
    std::int64_t number = 0;
    auto const done = db.commit([&](transaction& tx) -> result<void> {
      number = tx.next_number("pets");
      if (turn % 2 == 1) return problem{"no", "No.", "", ""};
      return {};
    });
    if (done) given.push_back(number);
  }

  CHECK(given == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("many callers share few transactions and each gets its own answer") {
  fresh_folder const folder;
  auto db = opened(folder);
  constexpr int callers = 8;
  constexpr int each = 25;
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller)
    threads.emplace_back([&, caller] {
      for (int turn = 0; turn < each; ++turn) {
        bool const wanted = turn % 5 != 0;
        auto const done = db.commit([&](transaction& tx) -> result<void> {
          tx.run("INSERT INTO pets_cat (name, age) VALUES (?, ?)", std::to_string(caller * 1000 + turn),
                 tx.next_number("pets"));
          if (!wanted) return problem{"no", "No.", "", ""};
          return {};
        });
        if (done.has_value() == wanted) ++accepted;
        static_cast<void>(cats(db));
      }
    });
  for (auto& one : threads) one.join();

  CHECK(accepted == callers * each);
  CHECK(cats(db) == callers * 20);
  CHECK(db.read([](reading& now) { return now.first("SELECT max(age) FROM pets_cat")->integer(0); }) == callers * 20);
  CHECK(db.counts().effects == callers * 20);
  CHECK(db.counts().batches < callers * each);
}

TEST_CASE("a read sees one state, whatever is written meanwhile") {
  fresh_folder const folder;
  auto db = opened(folder);

  db.read([&](reading& now) {
    CHECK(now.first("SELECT count(*) FROM pets_cat")->integer(0) == 0);
    REQUIRE(add(db, "Minou"));
    CHECK(now.first("SELECT count(*) FROM pets_cat")->integer(0) == 0);
  });
  CHECK(cats(db) == 1);
}

TEST_CASE("a reading connection does not write") {
  fresh_folder const folder;
  auto db = opened(folder);

  CHECK_THROWS_AS(db.read([](reading& now) { return now.rows("DELETE FROM pets_cat RETURNING 1"); }), store_failure);
}

TEST_CASE("mistakes in statements and rows are exceptions that name the statement, not the values") {
  fresh_folder const folder;
  auto db = opened(folder);
  REQUIRE(add(db, "Minou"));
  auto const only = db.read([](reading& now) { return now.first("SELECT name, age, 1.5 FROM pets_cat").value(); });

  CHECK_THROWS_WITH(db.read([](reading& now) { return now.rows("SELECT nothing FROM pets_cat"); }),
                    Catch::Contains("SELECT nothing"));
  CHECK_THROWS_WITH(db.read([](reading& now) { return now.rows("SELECT 1", "surplus"); }),
                    Catch::Contains("wrong number of values"));
  CHECK_THROWS_AS(only.integer(0), store_failure);
  CHECK_THROWS_AS(only.text(1), store_failure);
  CHECK_THROWS_AS(only.integer(2), store_failure);
  CHECK_THROWS_AS(only.real(0), store_failure);
  CHECK_THROWS_AS(only.text(9), store_failure);
  CHECK(only.size() == 3);
  CHECK_THROWS_AS(db.commit([&](transaction&) -> result<void> { return add(db, "inside"); }), store_failure);
}

TEST_CASE("a queue that is too long refuses instead of growing") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {.migrations = pets(), .queue_limit = 0}).value();

  CHECK(add(db, "Minou").error().code == "store.busy");
  CHECK(db.counts().refused == 1);
}

TEST_CASE("the log does not grow for ever") {
  fresh_folder const folder;
  auto db = opened(folder);
  std::string const photo(200'000, 'p');
  for (int turn = 0; turn < 200; ++turn) {
    auto const done = db.commit([&](transaction& tx) -> result<void> {
      tx.run("INSERT OR REPLACE INTO pets_cat (name, photo) VALUES (?, ?)", turn % 3, blob{photo});
      return {};
    });
    REQUIRE(done);
  }

  CHECK(std::filesystem::file_size(folder / "s.sqlite-wal") < 20'000'000);  // of 40 MB written
}

#ifdef EHDS_FAIL_POINTS
TEST_CASE("a crash before or after the commit leaves all of an effect or nothing, and is not answered") {
  fresh_folder const folder;
  auto const& [point, rows] =
      GENERATE(table<char const*, int>({{"store.before_commit", 0}, {"store.after_commit", 1}}));
  {
    auto db = opened(folder);
    arm_fail_point(point);
    CHECK_THROWS_AS(add(db, "Minou"), simulated_crash);
    CHECK(db.state() == condition::broken);
    CHECK(add(db, "Tiger").error().code == "store.broken");
    disarm_fail_points();
  }

  auto db = opened(folder);
  CHECK(cats(db) == rows);
  auto const passed = passed_fail_points();
  CHECK(std::ranges::find(passed, point) != passed.end());
}
#endif
