// What the store promises when the disk does not keep its own promises.
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "node/store/database.hpp"
#include "node/store/fault_disk.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"
#include "node/store/store_failure.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fault_disk;
using ehds::tests::fresh_folder;

namespace {

std::vector<migration> notes() {
  return {{"notes", 1, "CREATE TABLE notes_line (number INTEGER PRIMARY KEY, text TEXT)"}};
}

database_options on(fault_disk const& disk) {
  database_options options;
  options.migrations = notes();
  options.vfs = disk.name();
  options.probe_interval = std::chrono::hours(1);
  return options;
}

result<void> add_number(database& db, int number) {
  return db.commit([&](transaction& tx) -> result<void> {
    tx.run("INSERT INTO notes_line VALUES (?, ?)", number, std::string(100, 'x'));
    return {};
  });
}

std::set<std::int64_t> numbers(database const& db) {
  std::set<std::int64_t> found;
  db.read([&](reading& now) {
    now.each("SELECT number FROM notes_line", [&](row const& one) { found.insert(one.integer(0)); });
  });
  return found;
}

// Opens the store and adds five lines; returns those that were acknowledged.
std::set<std::int64_t> write_five(std::filesystem::path const& file, fault_disk const& disk) {
  std::set<std::int64_t> acknowledged;
  auto db = database::open(file, on(disk));
  for (int number = 1; db && number <= 5; ++number)
    if (add_number(*db, number)) acknowledged.insert(number);
  return acknowledged;
}

}  // namespace

TEST_CASE("after a power cut at any operation, what was acknowledged is there and nothing else is half there") {
  auto const kept = GENERATE(as<std::size_t>{}, 0, 1, 3);
  bool fired = true;
  std::uint64_t cuts = 0;
  for (std::uint64_t operation = 1; fired; ++operation) {
    fresh_folder const folder;
    auto const file = folder / "s.sqlite";
    fault_disk disk;
    disk.cut_power_at(operation);

    auto const acknowledged = write_five(file, disk);
    fired = disk.is_dark();
    cuts += fired ? 1 : 0;
    disk.restore_power(kept);
    auto db = database::open(file, on(disk));

    REQUIRE(db);
    auto const found = numbers(*db);
    CHECK(std::ranges::includes(found, acknowledged));
    CHECK(found.size() <= acknowledged.size() + 1);
    CHECK(add_number(*db, 100));
    auto const sound = db->read([](reading& now) { return now.first("PRAGMA integrity_check")->text(0); });
    CHECK(sound == "ok");
  }
  CHECK(cuts > 10);
}

TEST_CASE("every acknowledged effect was synced: a cut right after the answer loses nothing") {
  fresh_folder const folder;
  fault_disk disk;
  {
    auto db = database::open(folder / "s.sqlite", on(disk)).value();
    for (int number = 1; number <= 20; ++number) {
      auto const before = disk.syncs();
      REQUIRE(add_number(db, number));
      CHECK(disk.syncs() == before + 1);
    }
    disk.cut_power_at(1);
    CHECK_FALSE(add_number(db, 21));
  }
  disk.restore_power();

  CHECK(numbers(database::open(folder / "s.sqlite", on(disk)).value()).size() == 20);
}

TEST_CASE("a full disk refuses in words, is not ready, keeps what it has, and recovers when there is space") {
  fresh_folder const folder;
  fault_disk disk;
  auto db = database::open(folder / "s.sqlite", on(disk)).value();
  REQUIRE(add_number(db, 1));

  disk.set_full(true);
  auto const refused = add_number(db, 2);

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "store.disk_full");
  CHECK_FALSE(refused.error().mend.empty());
  CHECK(db.state() == condition::disk_full);
  CHECK_FALSE(db.healthy());
  CHECK_FALSE(db.reason().empty());
  CHECK_FALSE(db.probe());
  CHECK(numbers(db) == std::set<std::int64_t>{1});
  CHECK(db.counts().refused >= 1);

  disk.set_full(false);
  CHECK(db.probe());
  CHECK(db.healthy());
  CHECK(db.reason().empty());
  CHECK(add_number(db, 2));
  CHECK(numbers(db) == std::set<std::int64_t>{1, 2});
}

TEST_CASE("a store whose disk was full tries again by itself") {
  fresh_folder const folder;
  fault_disk disk;
  auto options = on(disk);
  options.probe_interval = std::chrono::milliseconds(1);
  auto db = database::open(folder / "s.sqlite", options).value();
  disk.set_full(true);
  REQUIRE_FALSE(add_number(db, 1));

  disk.set_full(false);
  // Nobody commits: only the writer's own probe can notice.
  auto const patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!db.healthy() && std::chrono::steady_clock::now() < patience) std::this_thread::yield();

  CHECK(db.healthy());
}

TEST_CASE("an fsync error stops all acknowledging, is told once, and a restart recovers") {
  fresh_folder const folder;
  fault_disk disk;
  auto options = on(disk);
  int told = 0;
  std::string reason;
  options.on_broken = [&](std::string const& why) {
    ++told;
    reason = why;
  };
  {
    auto db = database::open(folder / "s.sqlite", options).value();
    REQUIRE(add_number(db, 1));
    disk.fail_syncs(true);
    CHECK(add_number(db, 2).error().code == "store.broken");
    disk.fail_syncs(false);

    CHECK(add_number(db, 3).error().code == "store.broken");  // a later fsync that succeeds proves nothing
    CHECK(db.state() == condition::broken);
    CHECK_FALSE(db.probe());
    CHECK(told == 1);
    CHECK_FALSE(reason.empty());
  }

  auto db = database::open(folder / "s.sqlite", options).value();
  CHECK(numbers(db).contains(1));
  CHECK_FALSE(numbers(db).contains(3));
  CHECK(add_number(db, 4));
}

TEST_CASE("a write that fails halfway breaks the store and leaves no half row") {
  fresh_folder const folder;
  fault_disk disk;
  {
    auto db = database::open(folder / "s.sqlite", on(disk)).value();
    REQUIRE(add_number(db, 1));
    disk.fail_writes(true);
    CHECK(add_number(db, 2).error().code == "store.broken");
    disk.fail_writes(false);
  }

  auto db = database::open(folder / "s.sqlite", on(disk)).value();
  CHECK(numbers(db) == std::set<std::int64_t>{1});
}

TEST_CASE("a large payload is on disk before its row, and a full disk leaves no piece of it") {
  fresh_folder const folder;
  fault_disk disk;
  auto db = database::open(folder / "s.sqlite", on(disk)).value();
  std::string const large(payload_row_limit + 1, 'p');

  disk.set_full(true);
  CHECK(db.payloads().prepare(large).error().code == "store.disk_full");
  disk.set_full(false);
  CHECK(std::filesystem::is_empty(folder / "s.sqlite.payloads"));
  disk.fail_syncs(true);
  CHECK(db.payloads().prepare(large).error().code == "store.payload");
  disk.fail_syncs(false);
  CHECK(std::filesystem::is_empty(folder / "s.sqlite.payloads"));

  auto const ready = db.payloads().prepare(large).value();
  REQUIRE(db.commit([&](transaction& tx) -> result<void> {
    payload_store::put(tx, ready);
    return {};
  }));
  disk.cut_power_at(1);
  CHECK_FALSE(add_number(db, 1));
  disk.restore_power();
  CHECK(db.read([&](reading& now) { return db.payloads().get(now, ready.id).value(); }) == large);
}

TEST_CASE("a store on a full disk cannot be made, and says so") {
  fresh_folder const folder;
  fault_disk disk;
  disk.set_full(true);

  CHECK(database::open(folder / "s.sqlite", on(disk)).error().code == "store.disk_full");
}

TEST_CASE("a reader that meets a failing disk throws and the connection is replaced") {
  fresh_folder const folder;
  fault_disk disk;
  {
    auto db = database::open(folder / "s.sqlite", on(disk)).value();
    REQUIRE(add_number(db, 1));
  }
  auto db = database::open(folder / "s.sqlite", on(disk)).value();

  disk.fail_reads(true);
  CHECK_THROWS_AS(numbers(db), store_failure);
  disk.fail_reads(false);
  CHECK(numbers(db).size() == 1);
}
