// Kill a node at every named commit point, start it again, and count: nothing lost, nothing delivered twice.
#include <catch2/catch.hpp>

#include "node/exchange/two_nodes.hpp"

#ifdef EHDS_FAIL_POINTS

using namespace ehds;
using namespace ehds::tests;

namespace {

void start_again(test_node& node) {
  node.start();
  node.crashed = false;
}

// The user of FR: asks again when no answer came, unless the first time is in the ledger after all.
void ask(two_nodes& both) {
  exchange::outgoing_business_message const wish{
      .to_nation = "EU", .action = "createDataset", .content = R"({"identifier":"d1"})", .subject = "d1"};
  for (int times = 0; times < 3 && both.fr.ledger({.subject = "d1"}).empty(); ++times) {
    try {
      both.fr.post(wish);
    } catch (store::simulated_crash const&) {
      start_again(both.fr);
    }
  }
}

void send_from(test_node& node, instant now) {
  try {
    node->sender.run_once(now);
  } catch (store::simulated_crash const&) {
    start_again(node);
  }
}

// Returns once both outboxes are empty.
void play(two_nodes& both) {
  ask(both);
  for (int rounds = 0; rounds < 12; ++rounds) {
    send_from(both.fr, both.time.now());
    if (both.eu.crashed) start_again(both.eu);
    send_from(both.eu, both.time.now());
    if (both.fr.crashed) start_again(both.fr);
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

TEST_CASE("a node killed at any commit point and started again completes the exchange, once") {
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

#endif
