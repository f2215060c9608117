// No memory for one allocation of the libraries while a pull request, or a receipt in a request of its own, is looked
// at: nobody is told that it is bad, and it is taken when it comes again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <new>

#include "node/exchange/pulling.hpp"
#include "node/scarce_memory/scarce_memory.hpp"

using namespace ehds;
using namespace ehds::tests;

#ifdef EHDS_OWN_MALLOC
namespace {

constexpr std::int64_t step = 2;  // an allocation here is like its neighbour

// The answer as the caller sees it, while the `nth` allocation fails; false when there were not so many.
bool in_scarcity(std::int64_t nth, test_node& node, std::string const& type, std::string const& body,
                 edelivery::reply& answer) {
  fail_allocation(allocations::of_libraries, nth);
  try {
    answer = node->desk.receive(type, body);
  } catch (std::bad_alloc const&) {
    answer = {503, "", ""};
  }
  return end_of_scarcity();
}

// EBMS:0006 says that there is nothing to fetch: what could not be made ready is fetched later.
bool blames_the_sender(edelivery::reply const& answer) {
  auto const says = [&](char const* words) { return answer.body.find(words) != std::string::npos; };
  return says("eb:Error") && !says("EBMS:0202") && !says("EBMS:0006");
}

bool blames_nobody(std::vector<edelivery::refusal> const& told) {
  return std::ranges::all_of(told, [](auto const& one) { return one.code == "EBMS:0202"; });
}

// A program that left because its store was broken is started again.
void restart_pulled(puller_and_pulled& both) {
  if (both.eu->db.healthy()) return;
  both.eu.start();
  both.restart();
}

}  // namespace

TEST_CASE("no memory for one allocation while a pull request is answered: nobody is blamed, the message comes later") {
  puller_and_pulled both;
  int met = 0;
  bool fired = true;
  for (std::int64_t nth = 1; fired; nth += step) {
    both.eu.post("createDataset");
    auto const asked = both.asked(both.time.now());
    edelivery::reply answer;
    fired = in_scarcity(nth, both.eu, asked.content_type, asked.body, answer);
    met += fired ? 1 : 0;
    INFO("allocation " << nth << ", status " << answer.status << ": " << answer.body.substr(0, 400));
    CHECK_FALSE(blames_the_sender(answer));
    restart_pulled(both);
    both.time.advance(std::chrono::seconds(1));
  }
  CHECK(met > 300);
  CHECK(blames_nobody(both.eu.refusals));
}

TEST_CASE("no memory for one allocation while a receipt is taken: nobody is blamed, the receipt counts when repeated") {
  puller_and_pulled both;
  int met = 0;
  bool fired = true;
  for (std::int64_t nth = 1; fired; nth += step) {
    auto const id = both.eu.post("createDataset");
    auto const receipt = both.unseen_receipt(both.time.now());
    edelivery::reply answer;
    fired = in_scarcity(nth, both.eu, receipt.content_type, receipt.body, answer);
    met += fired ? 1 : 0;
    INFO("allocation " << nth << ", status " << answer.status << ": " << answer.body.substr(0, 400));
    CHECK_FALSE(blames_the_sender(answer));
    restart_pulled(both);
    if (answer.status != 204) {
      auto const again = both.eu->desk.receive(receipt.content_type, receipt.body);
      INFO("again: " << again.body);
      CHECK(again.status == 204);
    }
    REQUIRE(status_of(both.eu, id) == "delivered");
    both.time.advance(std::chrono::seconds(1));
  }
  CHECK(met > 300);
  CHECK(blames_nobody(both.eu.refusals));
}
#endif
