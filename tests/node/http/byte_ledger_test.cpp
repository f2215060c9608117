// Who may hold how much beside others.
#include "node/http/byte_ledger.hpp"

#include <catch2/catch.hpp>

using namespace ehds::node::http;

TEST_CASE("an address holds its share, others theirs beside it, and all of them no more than is there") {
  byte_ledger ledger(250, 100);
  byte_holding first(&ledger, "a"), second(&ledger, "a"), other(&ledger, "b"), third(&ledger, "c");

  CHECK(first.keep(60));
  CHECK(second.keep(40));
  CHECK_FALSE(second.keep(41));
  CHECK(ledger.held() == 101);  // counted until given up
  CHECK(second.keep(0));
  CHECK(other.keep(100));
  CHECK(third.keep(90));
  CHECK_FALSE(third.keep(91));
  CHECK(third.keep(0));
  CHECK(ledger.held() == 160);
}

TEST_CASE("the addresses of one IPv6 network share what an address may hold") {
  byte_ledger ledger(250, 100);
  byte_holding first(&ledger, "2001:db8:1:2::1"), second(&ledger, "2001:db8:1:2::2"), other(&ledger, "2001:db8:1:3::1");
  CHECK(first.keep(60));
  CHECK_FALSE(second.keep(41));
  CHECK(other.keep(41));
}

TEST_CASE("what alone its address holds may be more than a share, never more than is there") {
  byte_ledger ledger(250, 100);
  byte_holding first(&ledger, "a"), second(&ledger, "a");

  CHECK(first.keep(250));
  CHECK_FALSE(first.keep(251));
  CHECK(first.keep(240));
  CHECK_FALSE(second.keep(1));
  CHECK_FALSE(first.still_fits());
  second.keep(0);
  CHECK(first.still_fits());
}

TEST_CASE("who holds nothing holds not too much, and an end gives everything back") {
  byte_ledger ledger(100, 50);
  byte_holding idle(&ledger, "a");
  {
    byte_holding greedy(&ledger, "a");
    CHECK_FALSE(greedy.keep(200));
    CHECK(idle.still_fits());
    CHECK(idle.keep(0));
    CHECK_FALSE(idle.keep(1));
    CHECK(idle.keep(0));
  }
  CHECK(ledger.held() == 0);
  CHECK(idle.keep(50));
}

TEST_CASE("without a ledger everything may be held") {
  byte_holding free(nullptr, "a");
  CHECK(free.keep(1'000'000));
  CHECK(free.still_fits());
}
