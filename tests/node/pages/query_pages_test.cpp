// Queries to answer and questions asked: the table beside its policy, release, chart, who has not answered.
#include <catch2/catch.hpp>

#include "node/exchange/tables.hpp"
#include "node/federation/network.hpp"
#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using federation::zone_outcome;
using identity::role;

namespace {

struct asked_house {
  page_house house;
  visitor paula{house};
  std::string const query = ehds::tests::diabetes_query("FR:snds");

  asked_house() {
    house.account("paula", "Paula", {role::data_preparer});
    paula.sign_in("paula");
    ehds::policies::data_permit approved;
    approved.id = "FR-2026-0001";
    approved.authority = "FR";
    approved.application = "APP-1";
    approved.protocol = "t2dm-by-sex";
    approved.queries = {{"FR:snds", policies::query_hash(policies::read_aggregate_query(query).value())}};
    approved.valid_from = parse_date("2026-01-01").value();
    approved.valid_to = parse_date("2027-12-31").value();
    approved.opt_out_snapshot = parse_date("2026-01-01").value();
    approved.persons = {"a colleague"};
    house.permit = approved;
    federation::new_question const question{"q1",
                                            "Diabetes <by> sex",
                                            "APP-1",
                                            "a colleague",
                                            {{"FR", query}, {"FI", ehds::tests::diabetes_query("FI:register")}},
                                            std::chrono::hours{24 * 14}};
    REQUIRE(house.questions->ask(question));
  }

  std::string job() { return house.jobs->list().at(0).id; }

  void run() {
    auto const pulled = house.jobs->lease("zone").value();
    REQUIRE(pulled);
    REQUIRE(house.jobs->hand_back(
        {pulled->id, zone_outcome::released, ehds::tests::table_for(pulled->query, std::nullopt, 90), "checked"}));
  }
};

}  // namespace

TEST_CASE("a table waits for release beside the policy it was made under, and leaves once released") {
  asked_house a;
  CHECK(has(a.paula.get("/desk/queries"), "waits for the data zone"));
  CHECK(has(a.paula.get("/questions/q1"), "Nobody has answered yet."));
  a.run();
  auto const path = "/desk/queries/" + http::percent_encode(a.job());
  auto const page = a.paula.get(path);
  CHECK(has(page, "Threshold (persons)"));
  CHECK_FALSE(has(page, "notice warning"));  // the reason of a computed table is no alarm
  CHECK(has(page, "suppressed or zero"));
  CHECK(a.paula.post_without_token(path + "/release", {}).status == 403);
  CHECK(a.house.jobs->list().at(0).state == "awaiting_release");
  CHECK(a.paula.post(path + "/release", {}).status == 303);
  CHECK(a.house.jobs->list().at(0).state == "released");
  CHECK(a.paula.post(path + "/release", {}).status == 409);
}

TEST_CASE("an answer is shown as table and chart, and who has not answered is shown as such") {
  asked_house a;
  a.run();
  a.paula.get("/desk/queries");
  REQUIRE(a.paula.post("/desk/queries/" + http::percent_encode(a.job()) + "/release", {}).status == 303);
  auto const page = a.paula.get("/questions/q1");
  CHECK(has(page, "Diabetes &lt;by&gt; sex"));
  CHECK(has(page, "Answers: 1 of 2"));
  CHECK(has(page, "role=\"img\""));
  CHECK(has(page, "<desc id=\"chart-text\">female: FR suppressed or zero; male: FR 90; </desc>"));
  CHECK(has(page, "<span class=\"badge\">FI</span> Finland: asked"));
  CHECK(has(page, "1 of 2 authorities answered: France"));
  CHECK(has(page, "Of all persons"));
  CHECK(has(page, "A hidden cell stands for a small group"));
  auto const french = a.paula.get("/questions/q1?lang=fr");
  CHECK(has(french, "1 sur 2 autorités ont répondu : France") + has(french, "1 sur 2 autorités ont répondu: France") ==
        1);
  CHECK(has(french, "femmes"));
  a.paula.get("/questions/q1?lang=en");
  CHECK(has(page, "1000"));  // the denominator
  a.house.wall.advance(std::chrono::hours{24 * 15});
  a.paula.cookies.clear();
  a.paula.sign_in("paula");
  CHECK(has(a.paula.get("/questions/q1"), "<span class=\"badge\">FI</span> Finland: late"));
}

TEST_CASE("a withheld table stays, and its reason is for the officers") {
  asked_house a;
  a.run();
  auto const path = "/desk/queries/" + http::percent_encode(a.job());
  a.paula.get(path);
  CHECK(a.paula.post(path + "/withholding", {{"reason", "Too <few>."}}).status == 303);
  CHECK(has(a.paula.get(path), "Too &lt;few&gt;."));
  CHECK(has(a.paula.get(path), "notice warning"));
  CHECK_FALSE(has(a.paula.get("/questions/q1"), "Too &lt;few&gt;."));
  CHECK(a.paula.get("/questions/none").status == 404);
}

TEST_CASE("the ledger is for operators and auditors") {
  asked_house a;
  a.house.account("otto", "Otto", {role::operator_});
  visitor otto(a.house);
  otto.sign_in("otto");
  auto const page = otto.get("/ledger?subject=%22%3E%3Cscript%3E");
  CHECK(page.status == 200);
  CHECK_FALSE(has(page, "<script>"));
  CHECK(a.paula.get("/ledger").status == 403);
  exchange::ledger_row row;
  row.is_incoming = true;
  row.message_id = "m-1@fi";
  row.action = "statusUpdate";
  row.nation_id = "FI";
  row.subject = "<APP-1>";
  row.at = a.house.wall.now();
  row.valid = true;
  REQUIRE(a.house.db->commit([&](store::transaction& tx) -> result<void> {
    exchange::add_to_ledger(tx, row);
    return {};
  }));
  auto const filled = otto.get("/ledger");
  CHECK(has(filled, "received from <span class=\"badge\">FI</span>"));
  CHECK(has(filled, "&lt;APP-1&gt;"));
  CHECK(has(filled, "href=\"/api/ledger/m-1%40fi\""));
  CHECK_FALSE(has(otto.get("/ledger?nation_id=DK"), "m-1@fi"));
}
