#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "node/store/database.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

migration const first{"pets", 1, "CREATE TABLE pets_cat (name TEXT)"};
migration const second{"pets", 2, "ALTER TABLE pets_cat ADD COLUMN age INTEGER; INSERT INTO pets_cat VALUES ('A', 1)"};

result<database> opened_at(std::filesystem::path const& file, std::vector<migration> steps) {
  return database::open(file, {.migrations = std::move(steps)});
}

std::string refusal(std::filesystem::path const& file, std::vector<migration> steps = {first}) {
  return opened_at(file, std::move(steps)).error().code;
}

}  // namespace

TEST_CASE("a store takes the steps it lacks, once and in order") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  REQUIRE(opened_at(file, {first}));
  REQUIRE(opened_at(file, {first, second}));

  auto const db = opened_at(file, {first, second}).value();

  CHECK(db.read([](reading& now) { return now.rows("SELECT age FROM pets_cat").size(); }) == 1);
}

TEST_CASE("a store written by a newer release is refused with a sentence that says which tables") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  REQUIRE(opened_at(file, {first, second}));

  auto const refused = opened_at(file, {first});

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "store.newer");
  CHECK(refused.error().detail ==
        "The store was written by a newer release: its tables of 'pets' are at step 2 and this program knows 1.");
}

TEST_CASE("a step that fails leaves the store as it was") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  REQUIRE(opened_at(file, {first}));

  CHECK(refusal(file, {first, {"pets", 2, "CREATE TABLE pets_dog (name TEXT); CREATE TABEL oops (x)"}}) ==
        "store.migration");

  auto const db = opened_at(file, {first}).value();
  CHECK(db.read([](reading& now) { return now.rows("SELECT 1 FROM sqlite_master WHERE name = 'pets_dog'").empty(); }));
}

TEST_CASE("what is not a store is refused and left alone") {
  fresh_folder const folder;
  auto const text = folder / "text";
  std::ofstream(text) << std::string(5000, 'x');
  CHECK(refusal(text) == "store.foreign");
  CHECK(std::filesystem::file_size(text) == 5000);

  auto const other = folder / "other.sqlite";
  sqlite3* raw = nullptr;
  sqlite3_open(other.c_str(), &raw);
  sqlite3_exec(raw, "CREATE TABLE somebody_elses (x)", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  CHECK(refusal(other) == "store.foreign");

  CHECK(refusal(folder / "no such folder" / "s.sqlite") == "store.unreadable");
  CHECK(refusal(folder.path()) == "store.unreadable");
}

TEST_CASE("a store is served by one process at a time, and may be read beside it") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  auto db = opened_at(file, {first}).value();
  REQUIRE(db.commit([](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat VALUES ('Minou')");
    return {};
  }));

  CHECK(refusal(file) == "store.in_use");
  auto beside = database::open(file, {.read_only = true}).value();
  CHECK(beside.read([](reading& now) { return now.rows("SELECT * FROM pets_cat").size(); }) == 1);
  CHECK(beside.commit([](transaction&) -> result<void> { return {}; }).error().code == "store.read_only");
  CHECK(beside.healthy());
  CHECK(beside.reason().empty());
  CHECK_FALSE(beside.probe());
  CHECK(beside.counts().effects == 0);
  CHECK(database::open(folder / "none", {.read_only = true}).error().code == "store.unreadable");
}

TEST_CASE("a store locked by a shell says so instead of waiting for ever") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  auto db = database::open(file, {.migrations = {first}, .busy_timeout = std::chrono::milliseconds(1)}).value();
  sqlite3* shell = nullptr;
  sqlite3_open(file.c_str(), &shell);
  sqlite3_exec(shell, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  effect const nothing = [](transaction& tx) -> result<void> {
    tx.run("INSERT INTO pets_cat VALUES ('x')");
    return {};
  };

  CHECK(db.commit(nothing).error().code == "store.busy");
  sqlite3_exec(shell, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(shell);
  CHECK(db.healthy());
  CHECK(db.commit(nothing));
}

TEST_CASE("an existing store opens in a few milliseconds") {
  fresh_folder const folder;
  auto const file = folder / "s.sqlite";
  REQUIRE(opened_at(file, {first, second}));
  auto best = std::chrono::steady_clock::duration::max();
  for (int turn = 0; turn < 5; ++turn) {
    auto const start = std::chrono::steady_clock::now();
    REQUIRE(opened_at(file, {first, second}));
    best = std::min(best, std::chrono::steady_clock::now() - start);
  }

  CHECK(best < std::chrono::milliseconds(100));  // generous: sanitizers and a shared machine
}
