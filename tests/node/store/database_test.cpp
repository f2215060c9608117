#include "node/store/database.hpp"

#include <catch2/catch.hpp>

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
