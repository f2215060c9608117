// Receipts, errors and pull requests that are refused: the operator sees each as he sees a refused message, with its
// explanation, and under the budgets of its origin.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/ebms/write_messaging.hpp"
#include "node/exchange/pulling.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

edelivery::signed_reference const other_reference{
    "#x", "AAAA",
    "<ds:Reference URI=\"#x\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
    "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
    "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"};

// EU has handed out one message, which FR has not acknowledged yet.
struct waiting_for_receipt {
  puller_and_pulled both;
  std::string id = both.eu.post("createDataset");
  instant now = both.time.now();
  edelivery::pmode mode = agreed("FR", "EU")[1];

  waiting_for_receipt() {
    auto const asked = both.asked(now);
    REQUIRE(both.eu->desk.receive(asked.content_type, asked.body).status == 200);
  }

  edelivery::reply receive(std::string const& soap) { return both.eu->desk.receive("application/soap+xml", soap); }
  // Of another message than was sent.
  std::string receipt_by(std::string const& signer, std::string const& about) const {
    return edelivery::sign(edelivery::write_receipt({now, "1@FR.example", about, {other_reference}}), {}, mode.security,
                           keys_of(signer))
        ->soap;
  }
  std::string error_by(std::string const& signer, std::string const& about) const {
    edelivery::ebms_error one;
    one.code = "EBMS:0004";
    one.severity = "failure";
    one.category = "Content";
    one.short_description = "Other";
    one.ref_to_message_in_error = about;
    return edelivery::sign(edelivery::write_error({now, "2@FR.example", about, {one}}), {}, mode.security,
                           keys_of(signer))
        ->soap;
  }
  std::vector<exchange::kept_refusal> kept() {
    return both.eu->db.read([](store::reading& at) { return exchange::list_refusals(at, 0, 1000); });
  }
  std::string explanation_of(exchange::kept_refusal const& one) {
    return both.eu->db.read([&](store::reading& at) { return exchange::find_refusal(at, one.number)->explanation; });
  }
};

bool has_step(std::string const& explanation, std::string const& name, std::string const& outcome) {
  auto const told = json::parse(explanation);
  for (auto const& step : told.at("steps"))
    if (step.at("step") == name && step.at("outcome") == outcome) return true;
  return false;
}

}  // namespace

TEST_CASE("a receipt of a stranger is kept as a claim of the partner whose message it names") {
  waiting_for_receipt at;
  CHECK(at.receive(at.receipt_by("DK", at.id)).status == 200);
  auto const all = at.kept();
  REQUIRE(all.size() == 1);
  CHECK(all[0].origin == exchange::refusal_origin{"FR", false});
  CHECK(all[0].code == "EBMS:0101");
  CHECK(all[0].message_id == "1@FR.example");
  CHECK(all[0].pmode_id == "pull");
  auto const told = at.explanation_of(all[0]);
  CHECK(told.find("\"receipt\"") != std::string::npos);
  CHECK(has_step(told, "certificate of the signer", "wrong"));
  CHECK(has_step(told, "verdict", "wrong"));
  CHECK(at.both.sent().status == "in_flight");
}

TEST_CASE("a receipt about no message of ours is a stranger's, whoever signed it") {
  waiting_for_receipt at;
  at.receive(at.receipt_by("FR", "unknown@EU.example"));
  REQUIRE(at.kept().size() == 1);
  CHECK(at.kept()[0].origin == exchange::refusal_origin{});
  CHECK(at.kept()[0].problem == "edelivery.value.unrelated");
}

TEST_CASE("a receipt of the partner for something else than was sent is its own doing, with what is wrong") {
  waiting_for_receipt at;
  at.receive(at.receipt_by("FR", at.id));
  REQUIRE(at.kept().size() == 1);
  auto const one = at.kept()[0];
  CHECK(one.origin == exchange::refusal_origin{"FR", true});
  CHECK(one.problem == "edelivery.receipt.mismatch");
  CHECK(one.code == "EBMS:0302");
  CHECK(has_step(at.explanation_of(one), "certificate of the signer", "good"));
}

TEST_CASE("errors that are refused are kept and get no error, with what they claim") {
  waiting_for_receipt at;
  CHECK(at.receive(at.error_by("DK", at.id)).status == 204);
  CHECK(at.receive(at.error_by("FR", "unknown@EU.example")).status == 204);
  auto const all = at.kept();
  REQUIRE(all.size() == 2);
  CHECK(all[1].origin == exchange::refusal_origin{"FR", false});
  CHECK(all[0].origin == exchange::refusal_origin{});
  CHECK(at.explanation_of(all[1]).find("EBMS:0004") != std::string::npos);
  REQUIRE(at.both.eu.refusals.size() == 2);  // and told to the log
  CHECK(at.both.eu.refusals[0].claimed.at(0).code == "EBMS:0004");
}

TEST_CASE("pull requests that are refused are kept: of a thief, and of whoever repeats one") {
  waiting_for_receipt at;
  edelivery::access_point const thief{keys_of("DK"), {keys_of("DK")}, "DK.example"};
  at.receive(edelivery::make_pull_request(at.mode, thief, at.now)->body);
  auto const again = at.both.asked(at.now);
  at.receive(again.body);
  at.receive(again.body);
  auto const all = at.kept();
  REQUIRE(all.size() == 2);
  CHECK(all[1].code == "EBMS:0101");
  CHECK(all[0].problem == "edelivery.value.repeated");
  for (auto const& one : all) {
    CHECK(one.origin == exchange::refusal_origin{"FR", false});
    CHECK(at.explanation_of(one).find("pull request") != std::string::npos);
  }
}

TEST_CASE("signals have the budgets of messages: a flood of forged receipts hides no receipt of the partner") {
  waiting_for_receipt at;
  at.receive(at.receipt_by("FR", at.id));
  auto const forged = at.receipt_by("DK", at.id);
  for (int n = 0; n < 35; ++n) at.receive(forged);
  CHECK(at.kept().size() == 31);
  CHECK(at.kept().back().origin == exchange::refusal_origin{"FR", true});
  auto const beyond = at.both.eu->desk.refusals().not_kept();
  REQUIRE(beyond.size() == 1);
  CHECK(beyond[0] == std::pair{exchange::refusal_origin{"FR", false}, std::uint64_t{5}});
}

TEST_CASE("what a partner answers to our pull request and did not sign is kept") {
  puller_and_pulled both;
  both.wire.endpoints["https://EU.example/as4"] = [&](auto const&) {
    auto const mode = agreed("FR", "EU")[1];
    auto const soap =
        edelivery::sign(edelivery::write_receipt({both.time.now(), "1@EU.example", "x@FR", {other_reference}}), {},
                        mode.security, keys_of("DK"));
    return http_call_response{200, {{"Content-Type", "application/soap+xml"}}, soap->soap};
  };
  both.fetch();
  auto const all = both.fr->db.read([](store::reading& at) { return exchange::list_refusals(at, 0, 10); });
  REQUIRE(all.size() == 1);
  CHECK(all[0].origin == exchange::refusal_origin{"EU", false});
  CHECK(all[0].pmode_id == "pull");
}
