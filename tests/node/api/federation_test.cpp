// Federated questions: asking them, checking a query without running it, and the officer's side.
#include <catch2/catch.hpp>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

json query() {
  auto one = json::parse(text_of_file(EHDS_SOURCE_DIR "/node/demo/queries/t2dm.snds.json"), nullptr, true, true);
  one["dataset"] = "FR-SNDS";
  return one;
}

json question_with(json const& parts) {
  return {{"id", "q/1"}, {"title", "Diabetes"}, {"application_id", "A"}, {"parts", parts}};
}

}  // namespace

TEST_CASE("a query is checked with all its faults, or known by its hash") {
  one_house fr("FR");
  auto const good = fr.as({role::assessor}, "POST", "/api/query-checks", query());
  REQUIRE(good.status == 200);
  CHECK(json_of(good).at("query_hash").get<std::string>().starts_with("sha256:"));
  auto wrong = query();
  wrong.erase("protocol");
  wrong["nonsense"] = 1;
  auto const bad = fr.as({role::assessor}, "POST", "/api/query-checks", wrong);
  CHECK(bad.status == 422);
  CHECK(json_of(bad).at("problems").size() >= 2);
  CHECK(fr.as({role::screener}, "POST", "/api/query-checks", query()).status == 403);
}

TEST_CASE("a question to ourselves becomes a job that is refused without an approval, and the asker hears no reason") {
  one_house fr("FR");
  auto const asked = fr.as({role::data_preparer}, "POST", "/api/questions",
                           question_with(json::array({{{"partner", "FR"}, {"query", query()}}})));
  INFO(asked.body);
  REQUIRE(asked.status == 202);
  CHECK(asked.headers.get("Location") == "/api/questions/q%2F1");
  auto const seen = fr.as({role::data_preparer}, "GET", "/api/questions/q%2F1");
  auto const answer = json_of(seen).at("answers").at(0);
  CHECK(answer.at("state") == "not_answered");
  CHECK_FALSE(answer.contains("reason"));
  CHECK(seen.body.find("permit") == std::string::npos);
  auto const jobs = json_of(fr.as({role::decider}, "GET", "/api/query-jobs")).at("jobs");
  REQUIRE(jobs.size() == 1);
  CHECK(jobs.at(0).at("state") == "refused");
  CHECK_FALSE(jobs.at(0).at("reason").get<std::string>().empty());
  auto const path = "/api/query-jobs/" + node::http::percent_encode(jobs.at(0).at("id").get<std::string>());
  CHECK(json_of(fr.as({role::auditor}, "GET", path)).at("query").at("dataset") == "FR-SNDS");
  CHECK(fr.as({role::data_preparer}, "POST", path + "/release", json::object()).status == 409);
  CHECK(fr.as({role::data_preparer}, "POST", path + "/withholding", {{"reason", "x"}}).status == 409);
}

TEST_CASE("the same question again is the same question; another under its id is refused") {
  one_house fr("FR");
  auto const parts = json::array({{{"partner", "FR"}, {"query", query()}}});
  REQUIRE(fr.as({role::data_preparer}, "POST", "/api/questions", question_with(parts)).status == 202);
  CHECK(fr.as({role::data_preparer}, "POST", "/api/questions", question_with(parts)).status == 202);
  auto other = question_with(parts);
  other["title"] = "Another";
  CHECK(fr.as({role::data_preparer}, "POST", "/api/questions", other).status == 409);
  CHECK(json_of(fr.as({role::auditor}, "GET", "/api/questions")).at("questions").size() == 1);
}

TEST_CASE("a question without parts, with a part that is no query or to a stranger is refused whole") {
  one_house fr("FR");
  for (auto const& parts :
       {json::array(), json::array({5}), json::array({{{"partner", "FR"}, {"query", "text"}}}),
        json::array({{{"partner", "FR"}}}), json::array({{{"partner", "XX"}, {"query", query()}}}), json("parts")}) {
    INFO(parts.dump());
    auto const answer = fr.as({role::data_preparer}, "POST", "/api/questions", question_with(parts));
    CHECK(answer.status / 100 == 4);
    CHECK(is_problem(answer));
  }
  CHECK(json_of(fr.as({role::auditor}, "GET", "/api/questions")).at("questions").empty());
  CHECK(fr.as({role::auditor}, "GET", "/api/questions/nothing").status == 404);
  CHECK(fr.as({role::auditor}, "GET", "/api/query-jobs/nothing").status == 404);
}
