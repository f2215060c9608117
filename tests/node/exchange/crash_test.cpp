// Kill a node at every named commit point, start it again, and count: nothing lost, nothing delivered twice.
#include <catch2/catch.hpp>

#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

// Whatever the node was doing: did it end there?
template <class Deed>
void survive(test_node& node, Deed const& deed) {
  try {
    deed();
  } catch (store::simulated_crash const&) {
    node.crashed = true;
  } catch (std::exception const&) {
    if (!node.is_dark()) throw;
  }
  if (node.crashed || node.is_dark()) node.start();
}

// The user of FR: asks again when no answer came, unless the first time is in the ledger after all.
void ask(two_nodes& both) {
  exchange::outgoing_business_message const wish{
      .to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .subject = "d1"};
  for (int times = 0; times < 3 && both.fr.ledger({.subject = "d1"}).empty(); ++times)
    survive(both.fr, [&] { both.fr.post(wish); });
}

// Returns once both outboxes are empty.
void play(two_nodes& both) {
  ask(both);
  for (int rounds = 0; rounds < 12; ++rounds) {
    survive(both.fr, [&] { both.fr->sender.run_once(both.time.now()); });
    survive(both.eu, [&] { both.eu->sender.run_once(both.time.now()); });
    survive(both.fr, [] {});
    both.time.advance(std::chrono::minutes(10));
    if (both.fr.outbox().open + both.eu.outbox().open == 0 && rounds > 0) break;
  }
}

void check_story(two_nodes& both) {
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset"});
  CHECK(both.fr.got() == std::vector<std::string>{"validationResult"});
  CHECK(both.fr.ledger().size() == 2);
  CHECK(both.eu.ledger().size() == 2);
  for (auto* node : {&both.fr, &both.eu}) {
    CHECK(node->outbox().open == 0);
    CHECK(node->outbox().dead_letters == 0);
    CHECK(node->ledger({.status = "delivered"}).size() == 1);
    CHECK(node->ledger({.status = "valid"}).size() == 1);
    CHECK(node->audit_is_whole());
  }
}

}  // namespace

TEST_CASE("a node that loses power at any moment, and with it all that was not synced, completes the exchange, once",
          "[crash]") {
  bool const is_sender = GENERATE(true, false);
  std::uint64_t cuts = 0;
  bool fired = true;
  for (std::uint64_t operation = 1; fired; ++operation) {
    fault_disk disk;
    two_nodes both(is_sender ? &disk : nullptr, is_sender ? nullptr : &disk);
    disk.cut_power_at(operation);
    play(both);
    fired = disk.cuts() > 0;
    cuts += disk.cuts();
    INFO((is_sender ? "FR" : "EU") << " lost power at operation " << operation);
    check_story(both);
  }
  CHECK(cuts > 20);
}

#ifdef EHDS_FAIL_POINTS
TEST_CASE("a node killed at any commit point and started again completes the exchange, once", "[crash]") {
  store::disarm_fail_points();
  {
    two_nodes both;
    play(both);
    check_story(both);
  }
  auto const points = store::passed_fail_points();
  std::size_t kills = 0;
  for (auto const& point : points) {
    for (int nth = 1; nth < 40; ++nth) {
      two_nodes both;
      store::arm_fail_point(point, nth);
      play(both);
      bool const fired = !store::is_fail_point_armed();
      store::disarm_fail_points();
      INFO("killed at " << point << ", time " << nth);
      check_story(both);
      if (!fired) break;
      ++kills;
    }
  }
  CHECK(points.size() >= 7);
  CHECK(kills >= 20);
}

TEST_CASE("a message in flight when its node died keeps its turn, however often the node is started again", "[crash]") {
  two_nodes both;
  both.fr.post("createDataset");
  store::arm_fail_point("exchange.attempt_begun", 1);
  survive(both.fr, [&] { both.fr->sender.run_once(both.time.now()); });
  store::disarm_fail_points();
  for (auto const* later : {"updateDataset", "deleteDataset"}) {
    both.time.advance(std::chrono::minutes(1));
    both.fr.post(later);
    both.time.advance(std::chrono::minutes(1));
    both.fr.start();
  }
  both.fr->sender.run_once(both.time.now());
  CHECK(both.eu.got() == std::vector<std::string>{"createDataset", "updateDataset", "deleteDataset"});
}

#endif
