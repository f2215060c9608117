// Messages that a P-Mode allows and that neither a back end nor the node itself takes.
#include <catch2/catch.hpp>

#include "base/ids.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

struct ordering {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr{"FR", "EU", wire, time, nullptr, {orders("FR", "EU")}};
  test_node eu{"EU", "FR", wire, time, nullptr, {orders("EU", "FR")}};

  static edelivery::pmode orders(std::string const& us, std::string const& partner) {
    auto mode = pmode_between(us, partner, "urn:orders");
    mode.actions = {"order"};
    return mode;
  }
  void turn() {
    time.advance(std::chrono::hours(3));
    fr->sender.run_once(time.now());
  }
};

}  // namespace

TEST_CASE("a message that nobody here wants, and of which its sender cannot be told, waits there until somebody does") {
  ordering both;
  auto const attachments = random_bytes(GENERATE(std::size_t{0}, std::size_t{1'000'000}));
  auto const id = both.fr.post(
      {.to_nation = "EU", .action = "order", .content = "{}", .attachments = attachments, .service = "urn:orders"});
  both.turn();
  CHECK(both.eu.ledger({.direction = "in"}).empty());
  CHECK(both.eu.payload_files() == 0);
  REQUIRE(both.eu.refusals.size() == 1);
  CHECK(both.eu.refusals[0].code == "EBMS:0202");
  CHECK(both.eu.refusals[0].diagnosis.code == "exchange.service.unserved");
  CHECK(both.eu.refusals[0].diagnosis.where == "urn:orders order");
  CHECK(status_of(both.fr, id) == "waiting");

  both.eu.back_ends = {{"erp", {{"urn:orders", {}}}}};
  both.eu.start();
  http_call_request caught;
  both.wire.endpoints["https://EU.example/as4"] =
      [&, whole = both.wire.endpoints["https://EU.example/as4"]](http_call_request const& request) {
        caught = request;
        return whole(request);
      };
  both.turn();
  CHECK(status_of(both.fr, id) == "delivered");
  CHECK(both.eu.ledger({.direction = "in"}).size() == 1);

  // It is a repetition from now on, though nobody takes it any more.
  both.eu.back_ends = {};
  both.eu.start();
  auto const again = both.eu->desk.receive(caught.headers.at(0).value, caught.body);
  CHECK(again.body.find("NonRepudiationInformation") != std::string::npos);
  CHECK(both.eu.audit_is_whole());
}

TEST_CASE("a message that nobody here wants is answered so where the agreement has that answer") {
  two_nodes both;
  both.fr.post({.to_nation = "EU", .action = "anything", .content = "{}", .service = "urn:nobody"});
  both.turns(2);
  CHECK(both.eu.ledger({.action = "anything"}).at(0).status == "not_valid");
  CHECK(both.fr.ledger({.direction = "in"}).size() == 1);
}
