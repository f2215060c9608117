// What is refused at the door is kept with its explanation, and what anybody may cause stays bounded.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "node/exchange/refusals.hpp"
#include "node/exchange/sealed_for_eu.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

std::vector<exchange::kept_refusal> refusals_of(test_node& node, std::int64_t before = 0, std::size_t count = 100) {
  return node->db.read([&](store::reading& now) { return exchange::list_refusals(now, before, count); });
}

exchange::kept_refusal whole(test_node& node, std::int64_t number) {
  return node->db.read([&](store::reading& now) { return exchange::find_refusal(now, number).value(); });
}

// A message of FR as EU gets it.
edelivery::wire_message message_of_fr(std::string const& action = "createDataset") {
  auto message = with_json(R"({"secret": "of a person"})");
  message.action = action;
  message.properties = {{"originalSender", "a person", ""}};
  return sealed_for_eu(message);
}

}  // namespace

TEST_CASE("a refused message is kept with what was found, and nothing of it that is private") {
  two_nodes both;
  auto const wire = tampered(message_of_fr());
  both.eu->desk.receive(wire.content_type, wire.body);

  auto const all = refusals_of(both.eu);
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == "EBMS:0102");
  CHECK(all[0].problem == "edelivery.decryption.failed");
  CHECK(all[0].at == noon());
  CHECK(all[0].bytes == wire.body.size());
  CHECK(all[0].explanation.empty());
  auto const kept = whole(both.eu, all[0].number);
  auto const told = json::parse(kept.explanation);
  CHECK(told.at("steps").back().at("step") == "verdict");
  std::set<std::string> wrong;
  for (auto const& step : told.at("steps"))
    if (step.at("outcome") == "wrong") wrong.insert(step.at("step").get<std::string>());
  CHECK(wrong == std::set<std::string>{"payload", "reference", "verdict"});
  CHECK(kept.explanation.find("a person") == std::string::npos);
  CHECK(both.eu.ledger().empty());

  CHECK(refusals_of(both.eu, all[0].number).empty());
  both.eu.start();
  CHECK(refusals_of(both.eu).size() == 1);
}

TEST_CASE("whatever is refused is kept: rubbish, strangers, and another message under a used id") {
  two_nodes both;
  both.eu->desk.receive("text/plain", "rubbish");
  both.eu->desk.receive("application/soap+xml", "<a/>");
  for (auto const& wire : two_under_one_id()) both.eu->desk.receive(wire.content_type, wire.body);
  auto const all = refusals_of(both.eu);
  REQUIRE(all.size() == 3);
  CHECK(all[0].problem == "edelivery.duplicate.different");
  CHECK(all[0].message_id == "same@FR.example");
  CHECK(all[0].code == "EBMS:0003");
  CHECK(all[2].problem.starts_with("edelivery.mime."));
  CHECK(both.eu.ledger({.direction = "in"}).size() == 1);
}

TEST_CASE("what is taken is not among the refused") {
  two_nodes both;
  auto const wire = message_of_fr("anyAction");
  auto const answer = both.eu->desk.receive(wire.content_type, wire.body);
  CHECK(answer.status == 200);
  CHECK(refusals_of(both.eu).empty());  // any action is agreed here: it was taken
  CHECK(both.eu.ledger({.direction = "in"}).size() == 1);
}
