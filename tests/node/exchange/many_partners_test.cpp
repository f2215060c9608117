// One node and several partners: one that is down for a week, one that hangs, others that must not notice.
#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <thread>

#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace std::chrono_literals;

namespace {

// FR with two partners; each has a node of its own on the same wire.
struct three_nodes {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr{"FR", std::vector<std::string>{"EU", "DK"}, wire, time};
  test_node eu{"EU", "FR", wire, time};
  test_node dk{"DK", "FR", wire, time};

  std::string tell(std::string const& nation, std::string const& about) {
    return fr.post({.to_nation = nation,
                    .action = "statusUpdate",
                    .content = R"({"identifier":")" + about + R"("})",
                    .subject = about});
  }
};

}  // namespace

TEST_CASE("a partner that is down for seven days loses nothing and gets all in order; the other notices nothing") {
  three_nodes three;
  three.dk.stop();
  std::size_t told = 0;
  std::size_t late_at_eu = 0;
  int calls_to_dk = 0;
  three.wire.on_call = [&](std::string const& url) { calls_to_dk += url == "https://DK.example/as4" ? 1 : 0; };
  auto const up = three.time.now() + 24h * 7;
  for (auto step = 0; three.time.now() < up; ++step, three.time.advance(30min)) {
    if (step % 12 == 0) {
      ++told;
      three.tell("DK", "a1");
      three.tell("EU", "a1");
    }
    three.fr->sender.run_once(three.time.now());
    late_at_eu += three.eu.got().size() != told ? 1 : 0;
  }
  CHECK(told == 28);
  CHECK(late_at_eu == 0);
  CHECK(three.fr.outbox().dead_letters == 0);
  CHECK(three.fr.outbox().open == told);
  CHECK(calls_to_dk <= 7 * 24 * 2);  // one at a time, not all that wait

  three.dk.start();
  for (int n = 0; n < 8; ++n, three.time.advance(1h)) three.fr->sender.run_once(three.time.now());
  CHECK(three.fr.outbox().open == 0);
  auto arrived = three.dk.ledger({.direction = "in", .count = 100});
  auto posted = three.fr.ledger({.direction = "out", .nation_id = "DK", .count = 100});
  REQUIRE(arrived.size() == told);
  for (std::size_t n = 0; n < told; ++n) CHECK(arrived[n].message_id == posted[n].message_id);
}

TEST_CASE("a partner that hangs holds its own calls up and nobody else's") {
  three_nodes three;
  std::latch over(1);
  std::atomic<int> hanging = 0;
  three.wire.endpoints["https://DK.example/as4"] = [&](http_call_request const&) {
    ++hanging;
    over.wait();
    return http_call_response{};
  };
  for (int n = 0; n < 12; ++n) {
    three.tell("DK", "d" + std::to_string(n));
    three.tell("EU", "e" + std::to_string(n));
  }
  std::vector<std::thread> pool;
  for (std::size_t n = 0; n < three.fr->sender.threads_wanted(); ++n)
    pool.emplace_back([&] {
      while (three.fr->sender.run_next(three.time.now())) {
      }
    });
  // The threads that are not with DK come to their end when all is told to EU.
  while (three.fr.outbox().open > 12) std::this_thread::yield();
  CHECK(three.eu.got().size() == 12);
  CHECK(three.dk.got().empty());
  CHECK(hanging <= 4);  // the cap
  over.count_down();
  for (auto& one : pool) one.join();
  CHECK(three.fr.outbox().open == 12);
}

TEST_CASE("many threads send each message once, and what is about one thing in order") {
  three_nodes three;
  for (int n = 0; n < 40; ++n) three.tell(n % 2 == 0 ? "EU" : "DK", "s" + std::to_string(n % 6));
  std::vector<std::thread> pool;
  for (int n = 0; n < 6; ++n)
    pool.emplace_back([&] {
      while (three.fr.outbox().open > 0)
        if (!three.fr->sender.run_next(three.time.now())) std::this_thread::yield();
    });
  for (auto& one : pool) one.join();

  CHECK(three.eu.got().size() + three.dk.got().size() == 40);
  for (auto* node : {&three.eu, &three.dk})
    for (int subject = 0; subject < 6; ++subject) {
      auto const name = "s" + std::to_string(subject);
      auto const arrived = node->ledger({.direction = "in", .subject = name});
      std::vector<std::string> posted;
      for (auto const& one : three.fr.ledger({.direction = "out", .subject = name})) posted.push_back(one.message_id);
      for (std::size_t n = 0; n < arrived.size(); ++n) CHECK(arrived[n].message_id == posted.at(n));
    }
  for (auto const& one : three.fr.ledger({.direction = "out"})) CHECK(one.attempts == 1);
}
