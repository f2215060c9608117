// Many writers and readers at once: what a reader sees was committed, whole, and in the order of the log.
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <thread>

#include "node/store/database.hpp"
#include "node/store/fresh_folder.hpp"
#include "node/store/payload_store.hpp"
#include "node/store/store_failure.hpp"

using namespace ehds;
using namespace ehds::node::store;
using ehds::tests::fresh_folder;

namespace {

std::vector<migration> accounts() {
  return {{"bank", 1,
           "CREATE TABLE bank_account (name TEXT PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount >= 0));"
           "CREATE TABLE bank_move (seq INTEGER PRIMARY KEY, writer INTEGER NOT NULL, step INTEGER NOT NULL);"
           "INSERT INTO bank_account VALUES ('left', 1000), ('right', 0)"}};
}

struct bank {
  fresh_folder folder;
  database db = database::open(folder / "s.sqlite", {.migrations = accounts()}).value();

  // Two writes that belong together, and one entry of the log.
  result<void> move(int writer, int step, bool refuse = false) {
    return db.commit([&](transaction& tx) -> result<void> {
      tx.run("UPDATE bank_account SET amount = amount - 1 WHERE name = 'left'");
      tx.run("INSERT INTO bank_move (seq, writer, step) VALUES (?, ?, ?)", tx.next_number("bank"), writer, step);
      tx.run("UPDATE bank_account SET amount = amount + 1 WHERE name = 'right'");
      if (refuse) return problem{"bank.no", "No.", "", ""};
      return {};
    });
  }
  std::int64_t number(sql statement) {
    return db.read([&](reading& now) { return now.first(statement)->integer(0); });
  }
};

void run_together(std::vector<std::function<void()>> const& all) {
  std::vector<std::thread> threads;
  threads.reserve(all.size());
  for (auto const& one : all) threads.emplace_back(one);
  for (auto& one : threads) one.join();
}

}  // namespace

TEST_CASE("readers see committed states only: the sum is whole in every look, and the log only grows") {
  bank house;
  std::atomic<int> working = 4;
  std::atomic<int> torn = 0;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 4; ++writer)
    all.emplace_back([&, writer] {
      for (int step = 0; step < 60; ++step) static_cast<void>(house.move(writer, step, step % 7 == 3));
      --working;
    });
  for (int reader = 0; reader < 3; ++reader)
    all.emplace_back([&] {
      std::int64_t last = 0;
      while (working > 0) {
        house.db.read([&](reading& now) {
          auto const sum = now.first("SELECT sum(amount) FROM bank_account")->integer(0);
          auto const moved = now.first("SELECT amount FROM bank_account WHERE name = 'right'")->integer(0);
          auto const entries = now.first("SELECT count(*) FROM bank_move")->integer(0);
          auto const highest = now.first("SELECT coalesce(max(seq), 0) FROM bank_move")->integer(0);
          if (sum != 1000 || moved != entries || highest != entries || entries < last) ++torn;
          last = entries;
        });
      }
    });
  run_together(all);

  CHECK(torn == 0);
  CHECK(house.number("SELECT count(*) FROM bank_move") == 4 * 51);
  CHECK(house.number("SELECT max(seq) FROM bank_move") == 4 * 51);
}

TEST_CASE("each writer's own steps stand in the log in the order in which it made them") {
  bank house;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 4; ++writer)
    all.emplace_back([&, writer] {
      for (int step = 0; step < 40; ++step) static_cast<void>(house.move(writer, step));
    });
  run_together(all);
  std::vector<std::int64_t> next(4, 0);
  int disorder = 0;
  house.db.read([&](reading& now) {
    now.each("SELECT writer, step FROM bank_move ORDER BY seq", [&](row const& one) {
      if (one.integer(1) != next[static_cast<std::size_t>(one.integer(0))]++) ++disorder;
    });
  });

  CHECK(disorder == 0);
  CHECK(next == std::vector<std::int64_t>(4, 40));
}

TEST_CASE("a writer reads what it wrote as soon as its commit returned, on any connection") {
  bank house;
  std::atomic<int> missed = 0;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 4; ++writer)
    all.emplace_back([&, writer] {
      for (int step = 0; step < 40; ++step) {
        static_cast<void>(house.move(writer, step));
        auto const there = house.db.read([&](reading& now) {
          return now.first("SELECT 1 FROM bank_move WHERE writer = ? AND step = ?", writer, step).has_value();
        });
        if (!there) ++missed;
      }
    });
  run_together(all);

  CHECK(missed == 0);
}

TEST_CASE("of many who want the same thing at once exactly one gets it") {
  bank house;
  std::atomic<int> winners = 0;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 8; ++writer)
    all.emplace_back([&] {
      for (int thing = 0; thing < 20; ++thing) {
        std::int64_t changed = 0;
        auto const done = house.db.commit([&](transaction& tx) -> result<void> {
          changed =
              tx.run("INSERT INTO bank_account VALUES (?, 1) ON CONFLICT DO NOTHING", "t" + std::to_string(thing));
          return {};
        });
        if (done && changed == 1) ++winners;
      }
    });
  run_together(all);

  CHECK(winners == 20);
}

TEST_CASE("one effect that breaks a rule or throws takes no other of its batch with it") {
  bank house;
  std::atomic<int> wrong = 0;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 6; ++writer)
    all.emplace_back([&, writer] {
      for (int step = 0; step < 20; ++step) {
        if (writer % 3 == 0) {
          try {
            static_cast<void>(house.db.commit([](transaction& tx) -> result<void> {
              tx.run("UPDATE bank_account SET amount = amount - 1000000 WHERE name = 'left'");
              return {};
            }));
            ++wrong;
          } catch (store_failure const& what) {
            if (what.kind() != fault::constraint) ++wrong;
          }
        } else if (!house.move(writer, step)) {
          ++wrong;
        }
      }
    });
  run_together(all);

  CHECK(wrong == 0);
  CHECK(house.number("SELECT count(*) FROM bank_move") == 80);
  CHECK(house.number("SELECT sum(amount) FROM bank_account") == 1000);
  CHECK(house.db.healthy());
}

TEST_CASE("more readers than connections wait for one another and all are answered") {
  fresh_folder const folder;
  auto db = database::open(folder / "s.sqlite", {.migrations = accounts(), .readers = 1}).value();
  std::atomic<int> answered = 0;
  std::vector<std::function<void()>> all;
  for (int reader = 0; reader < 6; ++reader)
    all.emplace_back([&] {
      for (int n = 0; n < 20; ++n)
        if (db.read([](reading& now) { return now.first("SELECT sum(amount) FROM bank_account")->integer(0); }) == 1000)
          ++answered;
    });
  run_together(all);

  CHECK(answered == 120);
}

TEST_CASE("a reader that throws gives its connection back") {
  fresh_folder const folder;
  auto const db = database::open(folder / "s.sqlite", {.migrations = accounts(), .readers = 1}).value();
  for (int n = 0; n < 3; ++n)
    CHECK_THROWS_AS(db.read([](reading&) -> int { throw std::runtime_error("a mistake"); }), std::runtime_error);

  CHECK(db.read([](reading& now) { return now.first("SELECT count(*) FROM bank_account")->integer(0); }) == 2);
}

TEST_CASE("payloads written at once by many are each what they were, small and large") {
  bank house;
  std::atomic<int> wrong = 0;
  std::vector<std::function<void()>> all;
  for (int writer = 0; writer < 4; ++writer)
    all.emplace_back([&, writer] {
      for (std::size_t const size : {std::size_t{0}, std::size_t{1}, payload_row_limit, payload_row_limit + 1}) {
        std::string const bytes(size, static_cast<char>('a' + writer));
        auto const ready = house.db.payloads().prepare(bytes).value();
        auto const done = house.db.commit([&](transaction& tx) -> result<void> {
          payload_store::put(tx, ready);
          return {};
        });
        auto const back = house.db.read([&](reading& now) { return house.db.payloads().get(now, ready.id); });
        if (!done || !back || *back != bytes || ready.in_file != (size > payload_row_limit)) ++wrong;
      }
    });
  run_together(all);

  CHECK(wrong == 0);
}

TEST_CASE("numbers of different logs run apart, each without a gap") {
  bank house;
  std::vector<std::set<std::int64_t>> given(3);
  REQUIRE(house.db.commit([&](transaction& tx) -> result<void> {
    for (auto& one : given) one.clear();
    for (int n = 0; n < 30; ++n)
      given[static_cast<std::size_t>(n % 3)].insert(tx.next_number("log" + std::to_string(n % 3)));
    return {};
  }));
  for (auto const& one : given) {
    CHECK(one.size() == 10);
    CHECK(*one.rbegin() == 10);
  }
}

TEST_CASE("all that was acknowledged is there after the store was opened anew, numbers go on where they were") {
  fresh_folder const folder;
  {
    auto db = database::open(folder / "s.sqlite", {.migrations = accounts()}).value();
    for (int n = 0; n < 10; ++n)
      REQUIRE(db.commit([&](transaction& tx) -> result<void> {
        tx.run("INSERT INTO bank_move VALUES (?, 0, ?)", tx.next_number("bank"), n);
        return {};
      }));
  }
  auto db = database::open(folder / "s.sqlite", {.migrations = accounts()}).value();
  std::int64_t next = 0;
  REQUIRE(db.commit([&](transaction& tx) -> result<void> {
    next = tx.next_number("bank");
    return {};
  }));

  CHECK(next == 11);
  CHECK(db.read([](reading& now) { return now.first("SELECT count(*) FROM bank_move")->integer(0); }) == 10);
}
