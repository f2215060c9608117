#include <catch2/catch.hpp>
#include <fstream>

#include "node/store/database.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/fault_disk.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fault_disk;
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
  CHECK(fetch(db, id).error().code == "store.payload_missing");
}

TEST_CASE("a payload may grow piece by piece, be read before it is kept, and is the same afterwards") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {}).value();
  std::string whole;
  prepared_payload ready;
  {
    auto const growing = db.payloads().begin().value();
    for (int n = 0; n < 100; ++n) {
      std::string const piece(static_cast<std::size_t>(n) * 100, static_cast<char>('a' + n % 26));
      whole += piece;
      REQUIRE(growing->add(piece));
    }
    std::string space;
    CHECK(growing->look(1000, 500'000, space).value() == std::string_view(whole).substr(1000, 500'000));
    CHECK(growing->look(whole.size(), 10, space).value().empty());
    ready = growing->finish().value();
    CHECK(ready.size == whole.size());
    REQUIRE(db.commit([&](transaction& tx) -> result<void> {
      payload_store::put(tx, ready);
      return {};
    }));
    growing->keep();
  }
  CHECK(fetch(db, ready.id).value() == whole);
  auto const lying = db.read([&](reading& now) { return db.payloads().open(now, ready.id); }).value();
  std::string again;
  REQUIRE(each_piece(*lying, [&](std::string_view piece) -> result<void> {
    CHECK(piece.size() <= source_piece);
    again += piece;
    return {};
  }));
  CHECK(again == whole);
}

TEST_CASE("a payload that was damaged where it lies is noticed before its last byte is believed, however it is read") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {}).value();
  std::string whole;
  while (whole.size() < payload_row_limit + 100'000) whole += std::to_string(whole.size()) + " ";
  auto const id = keep(db, whole);
  auto const file = folder / "s.sqlite.payloads" / id;
  auto const opened = [&] { return db.read([&](reading& now) { return db.payloads().open(now, id); }).value(); };
  std::string space;
  auto const last = [&](byte_source const& from) { return from.look(whole.size() - 1, 1, space); };

  {
    auto const good = opened();  // forwards, backwards, over gaps and again
    CHECK(good->look(5'000, 10, space).value() == std::string_view(whole).substr(5'000, 10));
    CHECK(good->look(0, 10, space).value() == std::string_view(whole).substr(0, 10));
    CHECK(good->look(4'000, 2'000, space).value() == std::string_view(whole).substr(4'000, 2'000));
    CHECK(last(*good).value() == whole.substr(whole.size() - 1));
    CHECK(good->look(1, 3, space).value() == whole.substr(1, 3));
  }
  for (std::size_t const place : {std::size_t{0}, std::size_t{150'000}, whole.size() - 1}) {
    INFO(place);
    {
      std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
      out.seekp(static_cast<std::streamoff>(place));
      out.put('#');
    }
    auto const damaged = opened();
    CHECK(each_piece(*damaged, [](std::string_view) -> result<void> { return {}; }).error().code ==
          "store.payload_damaged");
    CHECK(damaged->look(0, 1, space).error().code == "store.payload_damaged");  // from then on
    CHECK(last(*opened()).error().code == "store.payload_damaged");             // leapt over
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(place));
    out.put(whole[place]);
  }
  CHECK(last(*opened()));
  std::filesystem::resize_file(file, whole.size() - 1);
  CHECK(db.read([&](reading& now) { return db.payloads().open(now, id); }).error().code == "store.payload_damaged");
}

TEST_CASE("a small payload can be read where it lies too, an unknown one cannot") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {}).value();
  auto const id = keep(db, "small");
  std::string space;
  db.read([&](reading& now) {
    CHECK(db.payloads().open(now, id).value()->look(1, 3, space).value() == "mal");
    CHECK(db.payloads().open(now, "none").error().code == "store.payload_missing");
  });
}

TEST_CASE("what was begun and not kept leaves nothing behind, and only its owner may read it meanwhile") {
  fresh_folder const folder;
  auto const db = database::open(folder / "s.sqlite", {}).value();
  {
    auto const growing = db.payloads().begin().value();
    REQUIRE(growing->add("secret"));
    CHECK(files(folder) == 1);
    auto const file = std::filesystem::directory_iterator(folder / "s.sqlite.payloads")->status();
    CHECK((file.permissions() & std::filesystem::perms::mask) == std::filesystem::perms(0600));
    auto const in = std::filesystem::status(folder / "s.sqlite.payloads");
    CHECK((in.permissions() & std::filesystem::perms::mask) == std::filesystem::perms(0700));
    REQUIRE(growing->finish());
  }
  CHECK(files(folder) == 0);
  auto const large = db.payloads().prepare(std::string(payload_row_limit + 1, 'o')).value();
  db.payloads().discard(large);
  db.payloads().discard(db.payloads().prepare("small").value());
  CHECK(files(folder) == 0);
}

TEST_CASE("a disk that fills up while a payload grows says so and leaves nothing behind") {
  fault_disk disk;
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {.vfs = disk.name()}).value();
  {
    auto const growing = db.payloads().begin().value();
    REQUIRE(growing->add(std::string(100'000, 'a')));
    disk.set_full(true);
    CHECK(growing->add(std::string(100'000, 'b')).error().code == "store.disk_full");
  }
  CHECK(files(folder) == 0);
  disk.set_full(false);
  {
    auto const growing = db.payloads().begin().value();
    REQUIRE(growing->add("a"));
    disk.fail_syncs(true);
    CHECK(growing->finish().error().code == "store.payload");
  }
  CHECK(files(folder) == 0);
  disk.fail_syncs(false);
  CHECK(db.payloads().begin().value()->add("room again"));
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
