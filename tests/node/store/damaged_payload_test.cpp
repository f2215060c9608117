// A bit that the disk turned in a payload is found by whoever reads it next, wherever the payload lies; it is handed to
// nobody, and the operator is told.
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/files.hpp"
#include "node/store/database.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

struct watched_store {
  fresh_folder folder;
  std::vector<std::string> told;
  database db = opened();

  database opened() {
    database_options options;
    options.on_damaged_payload = [this](std::string_view id) { told.emplace_back(id); };
    return database::open(folder / "s.sqlite", options).value();
  }
  std::string keep_payload(std::string const& bytes) {
    auto const ready = db.payloads().prepare(bytes).value();
    REQUIRE(db.commit([&](transaction& tx) -> result<void> {
      payload_store::put(tx, ready);
      return {};
    }));
    return ready.id;
  }
  result<std::string> got(std::string const& id) {
    return db.read([&](reading& now) { return db.payloads().get(now, id); });
  }
  std::string code_of_opened(std::string const& id) {
    auto const lying = db.read([&](reading& now) { return db.payloads().open(now, id); });
    if (!lying) return lying.error().code;
    auto const read = each_piece(**lying, [](std::string_view) -> result<void> { return {}; });
    return read ? "" : read.error().code;
  }
  // All that is in the log goes into the file, and the program ends.
  void end() {
    db = database::open(folder / "another.sqlite", {}).value();
    sqlite3* file = nullptr;
    REQUIRE(sqlite3_open((folder / "s.sqlite").c_str(), &file) == SQLITE_OK);
    CHECK(sqlite3_exec(file, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(file);
  }
};

void turn_a_bit(std::filesystem::path const& file, std::size_t place) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(place));
  auto const was = static_cast<char>(bytes.get());
  bytes.seekp(static_cast<std::streamoff>(place));
  bytes.put(static_cast<char>(was ^ 4));
}

}  // namespace

TEST_CASE("a bit that turned in the store's own file is found when the small payload is read, however it is read") {
  watched_store a;
  auto const small = a.keep_payload("a consent of few words");
  auto const other = a.keep_payload("another one");
  a.end();
  auto const file = a.folder / "s.sqlite";
  auto const place = read_file(file)->find("few words");
  REQUIRE(place != std::string::npos);
  turn_a_bit(file, place);
  a.db = a.opened();

  CHECK(a.db.payloads().damaged() == 0);  // nobody has looked
  CHECK(a.got(small).error().code == "store.payload_damaged");
  CHECK(a.got(small).error().where == small);
  CHECK(a.code_of_opened(small) == "store.payload_damaged");
  CHECK(a.db.payloads().damaged() == 3);
  CHECK(a.told == std::vector<std::string>(3, small));
  CHECK(a.got(other).value() == "another one");  // the others are served
  // SQLite itself sees nothing wrong.
  CHECK(a.db.read([](reading& now) { return now.first("PRAGMA integrity_check")->text(0); }) == "ok");
  CHECK(a.db.healthy());

  a.end();
  turn_a_bit(file, place);
  a.db = a.opened();
  CHECK(a.got(small).value() == "a consent of few words");
}

TEST_CASE("a damaged file is told once by each who reads it, and when its length alone has changed") {
  watched_store a;
  auto const large = a.keep_payload(std::string(payload_row_limit + 100'000, 'l'));
  auto const file = a.folder / "s.sqlite.payloads" / large;
  CHECK(a.code_of_opened(large).empty());
  turn_a_bit(file, 200'000);

  CHECK(a.got(large).error().code == "store.payload_damaged");
  auto const lying = a.db.read([&](reading& now) { return a.db.payloads().open(now, large); }).value();
  CHECK(a.db.payloads().damaged() == 1);
  std::string space;
  for (int again = 0; again < 3; ++again) {
    auto const last = lying->look(lying->size() - 1, 1, space);
    REQUIRE_FALSE(last);
    CHECK(last.error().code == "store.payload_damaged");
  }
  CHECK(a.db.payloads().damaged() == 2);
  std::filesystem::resize_file(file, 1);
  CHECK(a.code_of_opened(large) == "store.payload_damaged");
  CHECK(a.db.payloads().damaged() == 3);
  CHECK(a.told == std::vector<std::string>(3, large));
}

TEST_CASE("a payload outlives the store that opened it, and what is found then is still a problem") {
  watched_store a;
  auto const large = a.keep_payload(std::string(payload_row_limit + 1, 'l'));
  auto const lying = a.db.read([&](reading& now) { return a.db.payloads().open(now, large); }).value();
  a.end();
  turn_a_bit(a.folder / "s.sqlite.payloads" / large, 5);
  CHECK(each_piece(*lying, [](std::string_view) -> result<void> { return {}; }).error().code ==
        "store.payload_damaged");
}
