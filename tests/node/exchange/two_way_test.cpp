// Two-Way/Push-and-Push: an answer names what it answers, and stays in its conversation.
#include <catch2/catch.hpp>

#include "edelivery/message/open_pull.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::vector<edelivery::pmode> legs(std::string const& us, std::string const& partner) {
  auto request = pmode_between(us, partner, "urn:two-way");
  request.id = "request";
  request.actions = {"ask"};
  request.way = us == "FR" ? edelivery::direction::send : edelivery::direction::receive;
  auto answer = pmode_between(us, partner, "urn:two-way");
  answer.id = "answer";
  answer.actions = {"reply"};
  answer.answers = "request";
  answer.way = us == "FR" ? edelivery::direction::receive : edelivery::direction::send;
  return {request, answer};
}

struct asking {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr{"FR", "EU", wire, time, nullptr, legs("FR", "EU")};
  test_node eu{"EU", "FR", wire, time, nullptr, legs("EU", "FR")};
  std::string id;

  asking() {
    for (auto* node : {&fr, &eu}) {
      node->back_ends = {{"erp", {{"urn:two-way", {}}}}};
      node->start();
    }
    id = fr.post({.to_nation = "EU", .action = "ask", .content = "{}", .service = "urn:two-way"});
    fr->sender.run_once(time.now());
  }
  exchange::ledger_entry asked() { return eu.ledger({.direction = "in"}).at(0); }
  void reply(std::string to, std::string conversation) {
    eu.post({.to_nation = "FR",
             .action = "reply",
             .content = "{}",
             .original_message_id = std::move(to),
             .conversation_id = std::move(conversation),
             .service = "urn:two-way"});
    eu->sender.run_once(time.now());
  }
  std::size_t came() { return fr.ledger({.direction = "in"}).size(); }
};

}  // namespace

TEST_CASE("an answer that names the request in its conversation is taken") {
  asking both;
  both.reply(both.id, both.asked().conversation_id);
  REQUIRE(both.came() == 1);
  auto const answer = both.fr.ledger({.direction = "in"}).at(0);
  CHECK(answer.original_message_id == both.id);
  CHECK(answer.conversation_id == both.fr.ledger({.direction = "out"}).at(0).conversation_id);
}

TEST_CASE("an answer to something else, or in another conversation, is refused with EBMS:0003") {
  asking both;
  SECTION("to a message that we never sent") { both.reply("somebody@else.example", both.asked().conversation_id); }
  SECTION("in another conversation") { both.reply(both.id, "another"); }
  CHECK(both.came() == 0);
  REQUIRE(both.fr.refusals.size() == 1);
  CHECK(both.fr.refusals[0].code == "EBMS:0003");
  CHECK(both.fr.refusals[0].diagnosis.code == "edelivery.value.answer");
  CHECK(both.eu.ledger({.direction = "out"}).at(0).code == "EBMS:0003");
}

TEST_CASE("an answer that answers nothing is not even posted") {
  asking both;
  CHECK_THROWS_WITH(both.reply("", ""), Catch::Matchers::Contains("answers none"));
}

TEST_CASE("without somebody who listens a signal in a request is refused as what it is") {
  asking both;
  auto mode = legs("EU", "FR")[1];
  mode.binding = edelivery::mep_binding::pull;
  mode.way = edelivery::direction::receive;
  mode.mpc = "urn:mpc";
  auto const pull = edelivery::make_pull_request(mode, both.eu->desk.us(), noon()).value();
  CHECK(both.fr->desk.receive(pull.content_type, pull.body).status == 200);
  CHECK_FALSE(both.fr->desk.receive_message(pull.content_type, pull.body));
}
