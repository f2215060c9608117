// Two nodes under load, killed by SIGKILL at every named place and at random: every receipt that left has its message,
// every message is delivered once. EHDS_KILLS=1000 kills so often at random instead of 60 times (./gateway crash 1000).
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "base/numbers.hpp"
#include "node/exchange/kill_network.hpp"

// A process of TSan may not have threads after a fork.
#if defined(EHDS_FAIL_POINTS) && !__has_feature(thread_sanitizer)

using namespace ehds;
using namespace ehds::tests;

namespace {

int kills_wanted() {
  char const* const said = std::getenv("EHDS_KILLS");
  return said == nullptr ? 60 : parse_number<int>(said).value_or(60);
}

void check_promises(kill_network& network) {
  CHECK(network.settle());
  network.stop();
  for (auto const& one : network.judge()) FAIL_CHECK(one);
  for (auto const& one : network.odd_ends()) FAIL_CHECK(one);
}

}  // namespace

TEST_CASE("killed at every named place of receiving and sending: no receipt without its message, none delivered twice",
          "[crash]") {
  kill_network network(1);
  network.run_for(std::chrono::milliseconds(300));
  int kills = 0;
  for (auto const* point : {"exchange.examined", "exchange.stored", "exchange.attempt_begun", "exchange.answered",
                            "exchange.recorded", "exchange.handed_out", "exchange.fetched", "exchange.pulled",
                            "store.before_commit", "store.after_commit", "store.payload_on_disk"})
    for (auto const* nation : {"FR", "EU"})
      for (int const nth : {1, 3}) {
        INFO(nation << " at " << point << ", time " << nth);
        CHECK(network.kill_at(nation, point, nth));
        ++kills;
      }
  check_promises(network);
  CHECK(network.messages() > 20);
  CHECK(network.repeated() > 0);
  CHECK(kills == 44);
}

TEST_CASE("killed at random under load: no receipt without its message, none delivered twice", "[crash][kills]") {
  auto const kills = kills_wanted();
  kill_network network(20261122);
  for (int n = 0; n < kills; ++n) network.kill_at_random();
  check_promises(network);
  CHECK(network.messages() > 20);
  std::cout << kills << " kills, " << network.messages() << " messages, " << network.receipts() << " receipts, "
            << network.repeated() << " given again: every receipt has its message, every message was delivered once\n";
}

#endif
