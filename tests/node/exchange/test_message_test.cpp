// The test service as an operator uses it: through outbox, sender and ledger, delivered to nobody.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "node/exchange/test_message.hpp"
#include "node/exchange/two_nodes.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

std::string const star = std::string(exchange::star_service) + "/EU";

result<std::string> ping(test_node& node, std::string const& pmode = star) {
  std::string id;
  auto done = node->db.commit([&](store::transaction& tx) -> result<void> {
    auto posted = exchange::post_test(tx, node->desk, pmode);
    if (!posted) return posted.error();
    id = *posted;
    return {};
  });
  if (!done) return done.error();
  return id;
}

exchange::test_outcome outcome(test_node& node, std::string const& id) {
  return exchange::outcome_of_test(node->desk, id).value();
}

}  // namespace

TEST_CASE("a test message is acknowledged, delivered to nobody and answered by nothing") {
  two_nodes both;
  auto const id = ping(both.fr).value();
  CHECK(outcome(both.fr, id).status == "queued");
  CHECK(both.fr->sender.run_message(id, both.time.now()));
  CHECK_FALSE(both.fr->sender.run_message(id, both.time.now()));
  both.turns(2);

  auto const told = outcome(both.fr, id);
  CHECK(told.status == "delivered");
  CHECK(told.attempts == 1);
  CHECK(told.settled_at);
  CHECK(told.receipt_id.ends_with("@EU.example"));
  CHECK(told.receipt_signer.find(keys_of("EU").cert.fingerprint()) != std::string::npos);
  CHECK(told.our_certificate.find(keys_of("FR").cert.fingerprint()) != std::string::npos);
  CHECK(told.partner_certificates.size() == 1);
  CHECK(told.address == "https://EU.example/as4");
  CHECK(both.eu.got().empty());
  CHECK(both.eu.ledger().empty());
  CHECK(both.fr.ledger().size() == 1);
  CHECK(both.fr.audit_is_whole());
  auto const said = nlohmann::json::parse(exchange::to_json(told));
  CHECK(said.at("message_id") == id);
  CHECK(said.at("code").is_null());
}

TEST_CASE("a test message outlives a restart, is repeated under its id and fails as others do") {
  two_nodes both;
  both.eu.stop();
  auto const id = ping(both.fr).value();
  CHECK(both.fr->sender.run_message(id, both.time.now()));
  CHECK(outcome(both.fr, id).status == "waiting");
  both.fr.start();
  both.eu.start();
  both.time.advance(std::chrono::minutes(10));
  CHECK(both.fr->sender.run_message(id, both.time.now()));
  CHECK(outcome(both.fr, id).status == "delivered");
  CHECK(outcome(both.fr, id).attempts == 2);

  both.eu.stop();
  auto const lost = ping(both.fr).value();
  both.turns_of_fr(40);
  CHECK(outcome(both.fr, lost).status == "failed");
  CHECK(outcome(both.fr, lost).code == "EBMS:0301");
}

TEST_CASE("a test message to a partner that does not answer says until when it waits, and what for") {
  two_nodes both;
  both.eu.stop();
  auto const told = [&](std::string const& id) {
    return exchange::outcome_of_test(
               both.fr->desk, id,
               [&](std::string_view party) { return both.fr->sender.silence_of(party, both.time.now()); })
        .value();
  };
  auto const first = ping(both.fr).value();
  CHECK_FALSE(told(first).silence);
  for (int n = 0; n < 3; ++n) CHECK(both.fr->sender.run_message(ping(both.fr).value(), both.time.now()));
  CHECK_FALSE(both.fr->sender.run_message(first, both.time.now()));
  auto const paused = told(first);
  CHECK(paused.status == "queued");
  CHECK(paused.attempts == 0);
  REQUIRE(paused.silence);
  CHECK(paused.silence->unanswered_calls == 3);
  CHECK(paused.silence->next_try > both.time.now());
  auto const said = nlohmann::json::parse(exchange::to_json(paused)).at("pause");
  CHECK(said == nlohmann::json{{"unanswered_calls", 3}, {"until", to_rfc3339(paused.silence->next_try)}});

  both.time.advance(std::chrono::minutes(10));
  CHECK(told(first).silence->next_try == both.time.now());
  both.eu.start();
  CHECK(both.fr->sender.run_message(first, both.time.now()));
  CHECK(told(first).status == "delivered");
  CHECK_FALSE(told(first).silence);
  CHECK(nlohmann::json::parse(exchange::to_json(told(first))).at("pause").is_null());
}

TEST_CASE("only this message is tried, however many are due") {
  two_nodes both;
  both.fr.post("createDataset");
  auto const id = ping(both.fr).value();
  CHECK(both.fr->sender.run_message(id, both.time.now()));
  CHECK(both.wire.calls == 1);
  CHECK(both.eu.got().empty());
}

TEST_CASE("what cannot be tested is said, and business messages are no test messages") {
  two_nodes both;
  auto const unknown = ping(both.fr, "nothing").error();
  CHECK(unknown.code == "exchange.pmode.unknown");
  CHECK(unknown.where == "/pmode");
  auto const known = both.fr->desk.book().all().front().id;
  CHECK(unknown.mend.find("Name one of " + known) == 0);
  CHECK(ping(both.fr, known + "x").error().mend.find("Did you mean " + known + "?") == 0);
  CHECK(both.fr.ledger().empty());
  auto const other = both.fr.post("createDataset");
  auto const asked = exchange::outcome_of_test(both.fr->desk, other);
  CHECK(asked.error().code == "exchange.test.unknown");
  CHECK_FALSE(both.fr->sender.run_message("nothing", both.time.now()));
}

TEST_CASE("P-Modes for receiving, those the partner fetches from and those of strangers take no test message") {
  struct row {
    char const* what;
    std::function<void(edelivery::pmode&)> change;
    char const* code;
  };
  std::vector<row> const rows{
      {"receiving", [](auto& mode) { mode.way = edelivery::direction::receive; }, "exchange.test.direction"},
      {"fetched",
       [](auto& mode) {
         mode.way = edelivery::direction::send;
         mode.binding = edelivery::mep_binding::pull;
         mode.mpc = "urn:ours";
       },
       "exchange.test.direction"},
      {"a stranger", [](auto& mode) { mode.partner.id = "nobody"; }, "exchange.partner.unknown"},
  };
  for (auto const& one : rows) {
    CAPTURE(one.what);
    manual_clock time{noon()};
    memory_wire wire;
    auto mode = pmode_between("FR", "EU", std::string(exchange::star_service));
    one.change(mode);
    test_node fr("FR", "EU", wire, time, nullptr, {mode});
    CHECK(ping(fr).error().code == one.code);
  }
}
