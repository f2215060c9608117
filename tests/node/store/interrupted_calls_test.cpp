// Short reads and writes and interrupted calls change nothing: for rows, the log and payload files alike.
#include "node/store/interrupted_calls.hpp"

#include <catch2/catch.hpp>

#include "node/store/database.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;
using ehds::tests::interrupted_calls;

namespace {

std::string payload_of(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += std::to_string(bytes.size()) + " ";
  bytes.resize(size);
  return bytes;
}

database opened_in(fresh_folder const& folder) {
  return database::open(folder / "s.sqlite",
                        {.migrations = {{"notes", 1, "CREATE TABLE notes_line (number INTEGER, text TEXT)"}}})
      .value();
}

void add_lines(database& db, int count) {
  for (int n = 1; n <= count; ++n)
    REQUIRE(db.commit([&](transaction& tx) -> result<void> {
      tx.run("INSERT INTO notes_line VALUES (?, ?)", n, std::string(5'000, 'x'));
      return {};
    }));
}

void check_store(database const& db, std::vector<std::pair<std::string, std::string>> const& payloads) {
  db.read([&](reading& now) {
    CHECK(now.first("SELECT count(*) FROM notes_line WHERE length(text) = 5000")->integer(0) == 30);
    CHECK(now.first("PRAGMA integrity_check")->text(0) == "ok");
    for (auto const& [id, bytes] : payloads) CHECK(db.payloads().get(now, id).value() == bytes);
  });
  CHECK(db.payloads().damaged() == 0);
}

}  // namespace

TEST_CASE("calls that are interrupted or do half of what they should have no effect") {
  fresh_folder const folder;
  auto const before = interrupted_calls::interruptions();
  std::vector<std::pair<std::string, std::string>> kept;
  {
    interrupted_calls const harmful;
    auto db = opened_in(folder);
    add_lines(db, 30);
    for (std::size_t const size : {std::size_t{10}, payload_row_limit, payload_row_limit + 1, std::size_t{1'500'001}})
      kept.emplace_back(db.payloads().prepare(payload_of(size)).value().id, payload_of(size));
    std::vector<prepared_payload> ready;
    for (auto const& [id, bytes] : kept) {
      auto const growing = db.payloads().begin().value();
      for (std::size_t at = 0; at < bytes.size(); at += 70'001)
        REQUIRE(growing->add(std::string_view(bytes).substr(at, 70'001)));
      std::string space;
      CHECK(growing->look(0, bytes.size(), space).value() == bytes);
      ready.push_back(growing->finish().value());
      growing->keep();
    }
    for (std::size_t n = 0; n < ready.size(); ++n) {
      kept[n].first = ready[n].id;
      REQUIRE(db.commit([&](transaction& tx) -> result<void> {
        payload_store::put(tx, ready[n]);
        return {};
      }));
    }
    check_store(db, kept);
    auto const lying = db.read([&](reading& now) { return db.payloads().open(now, kept.back().first); }).value();
    std::string again;
    REQUIRE(each_piece(*lying, [&](std::string_view piece) -> result<void> {
      again += piece;
      return {};
    }));
    CHECK(again == kept.back().second);
  }
  CHECK(interrupted_calls::interruptions() > before + 200);
  check_store(opened_in(folder), kept);  // as it is on the disk
  interrupted_calls const harmful;
  check_store(opened_in(folder), kept);
}
