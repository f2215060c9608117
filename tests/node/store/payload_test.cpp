#include <catch2/catch.hpp>
#include <fstream>

#include "node/store/database.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

std::string keep(database& db, std::string const& bytes) {
  auto const ready = db.payloads().prepare(bytes).value();
  auto const done = db.commit([&](transaction& tx) -> result<void> {
    payload_store::put(tx, ready);
    return {};
  });
  REQUIRE(done);
  return ready.id;
}

result<std::string> fetch(database const& db, std::string const& id) {
  return db.read([&](reading& now) { return db.payloads().get(now, id); });
}

std::size_t files(fresh_folder const& folder) {
  std::error_code none;
  auto const entries = std::filesystem::directory_iterator(folder / "s.sqlite.payloads", none);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

TEST_CASE("payloads up to the limit live in a row, larger ones in a file") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {}).value();
  std::string const small(payload_row_limit, 's');
  std::string const large(3 * 1024 * 1024 + 7, 'l');

  auto const in_row = keep(db, small);
  CHECK(files(folder) == 0);
  auto const in_file = keep(db, large);
  auto const empty = keep(db, "");

  CHECK(files(folder) == 1);
  CHECK(fetch(db, in_row).value() == small);
  CHECK(fetch(db, in_file).value() == large);
  CHECK(fetch(db, empty).value().empty());
  CHECK(fetch(db, "none").error().code == "store.payload_missing");
}

TEST_CASE("a file whose effect never came is swept at the next start, others stay") {
  fresh_folder const folder;
  std::string kept;
  {
    auto db = database::open(folder / "s.sqlite", {}).value();
    kept = keep(db, std::string(payload_row_limit + 1, 'k'));
    REQUIRE(db.payloads().prepare(std::string(payload_row_limit + 1, 'o')));
    CHECK(files(folder) == 2);
  }

  auto db = database::open(folder / "s.sqlite", {}).value();

  CHECK(files(folder) == 1);
  CHECK(fetch(db, kept));
}

TEST_CASE("a forgotten payload is gone at once, its file after the next start") {
  fresh_folder const folder;
  {
    auto db = database::open(folder / "s.sqlite", {}).value();
    auto const id = keep(db, std::string(payload_row_limit + 1, 'k'));
    REQUIRE(db.commit([&](transaction& tx) -> result<void> {
      payload_store::forget(tx, id);
      return {};
    }));
    CHECK_FALSE(fetch(db, id));
  }

  auto const db = database::open(folder / "s.sqlite", {}).value();
  CHECK(files(folder) == 0);
}

TEST_CASE("a damaged or lost payload file is noticed when it is read") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {}).value();
  auto const id = keep(db, std::string(payload_row_limit + 1, 'k'));
  auto const file = folder / "s.sqlite.payloads" / id;

  std::ofstream(file, std::ios::in | std::ios::out | std::ios::binary) << "K";
  CHECK(fetch(db, id).error().code == "store.payload_damaged");
  std::filesystem::remove(file);
  CHECK(fetch(db, id).error().code == "store.payload");
}

#ifdef EHDS_FAIL_POINTS
TEST_CASE("a crash between the file and its row leaves an orphan that is swept") {
  fresh_folder const folder;
  {
    auto db = database::open(folder / "s.sqlite", {}).value();
    arm_fail_point("store.payload_on_disk");
    CHECK_THROWS_AS(db.payloads().prepare(std::string(payload_row_limit + 1, 'k')), simulated_crash);
    CHECK(files(folder) == 1);
  }

  auto const db = database::open(folder / "s.sqlite", {}).value();
  CHECK(files(folder) == 0);
}
#endif
