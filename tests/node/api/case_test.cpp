// The officers' desk and the National Dispatcher's operations, over an application that came as a ZIP.
#include <catch2/catch.hpp>

#include "node/access/archive/application_archive.hpp"
#include "node/access/samples.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

namespace {

std::string const application = "11111111-2222-4333-8444-555555555555";
std::string const case_path = "/api/cases/" + application + ".FR-HDAB";
std::string const dispatcher_path = "/national-dispatcher/applications/" + application;

std::string brought() {
  auto const document = access_samples::access_application({"FR"});
  return node::access::write_brought({node::access::write_application_metadata(document),
                                      node::access::pack_attachments({{document.attachments.at(0), "bytes"}})});
}

node::http::response bring(one_house& fr, std::string const& zip, role who = role::screener) {
  return fr.ask("POST", "/api/cases", {{"X-API-Key", fr.same_key({who})}, {"Content-Type", "application/zip"}}, zip);
}

node::http::response command(one_house& fr, role who, std::string const& verb, json const& particulars = json::object(),
                             std::string const& key = {}) {
  header_list headers{{"X-API-Key", fr.same_key({who})}, {"Content-Type", "application/json"}};
  if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
  return fr.ask("POST", case_path + "/commands", headers, json{{"verb", verb}, {"particulars", particulars}}.dump());
}

}  // namespace

TEST_CASE("an application that is brought as a ZIP opens one case, also when it is brought twice") {
  one_house fr("FR", know_the_centre);
  auto const taken = bring(fr, brought());
  INFO(taken.body);
  REQUIRE(taken.status == 201);
  bring(fr, brought());
  auto const cases = json_of(fr.as({role::screener}, "GET", "/api/cases")).at("cases");
  REQUIRE(cases.size() == 1);
  CHECK(cases.at(0).at("application_id") == application);
  CHECK(json_of(fr.as({role::screener}, "GET", "/api/cases?application=another")).at("cases").empty());
  CHECK(json_of(fr.as({role::auditor}, "GET", "/api/cases?status=" + cases.at(0).at("status").get<std::string>()))
            .at("cases")
            .size() == 1);
}

TEST_CASE("what is no application is refused with findings, and an assessor brings none") {
  one_house fr("FR", know_the_centre);
  for (auto const& zip : {std::string(), std::string("PK nothing"), node::access::write_brought({"{}", ""})}) {
    auto const answer = bring(fr, zip);
    CHECK(answer.status / 100 == 4);
    CHECK(is_problem(answer));
  }
  CHECK(bring(fr, brought(), role::assessor).status == 403);
  CHECK(json_of(fr.as({role::screener}, "GET", "/api/cases")).at("cases").empty());
}

TEST_CASE("a case is shown with its timeline, its clocks explained, and what may be done now") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  REQUIRE(command(fr, role::screener, "start_pre_screening").status == 200);
  auto const page = json_of(fr.as({role::assessor}, "GET", case_path));
  CHECK(page.at("status") == "PRE_SCREENING");
  CHECK(page.at("timeline").size() >= 2);
  CHECK_FALSE(page.at("possible").empty());
  for (auto const& clock : page.at("clocks")) CHECK(clock.at("explanation").is_array());
  CHECK(fr.as({role::assessor}, "GET", "/api/cases/nothing").status == 404);
  CHECK(fr.as({role::catalogue_editor}, "GET", case_path).status == 403);
}

TEST_CASE("a command under the same key is done once; under the key of another it is refused") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  auto const first = command(fr, role::screener, "start_pre_screening", json::object(), "key-1");
  auto const again = command(fr, role::screener, "start_pre_screening", json::object(), "key-1");
  CHECK(again.status == 200);
  CHECK(json_of(again).at("repeated") == true);
  CHECK(json_of(again).at("seq") == json_of(first).at("seq"));
  CHECK(command(fr, role::screener, "mark_complete", json::object(), "key-1").status == 409);
}

TEST_CASE("the table of transitions and the roles decide what is refused, each with its status") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  CHECK(command(fr, role::screener, "propose_decision", {{"outcome", "granted"}}).status / 100 == 4);
  CHECK(command(fr, role::screener, "mark_complete").status == 409);
  CHECK(command(fr, role::decider, "start_pre_screening").status == 403);
  CHECK(command(fr, role::screener, "no_such_verb").status == 422);
  CHECK(fr.as({role::screener}, "POST", "/api/cases/nothing/commands", {{"verb", "mark_complete"}}).status == 404);
  CHECK(json_of(fr.as({role::screener}, "GET", case_path)).at("timeline").size() <= 2);
}

TEST_CASE("a granted case has no permit before the applicant accepts, and the register shows it without names") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  command(fr, role::screener, "start_pre_screening");
  command(fr, role::screener, "mark_complete");
  auto const entries = fr.ask("GET", "/api/register");
  CHECK(entries.body.find("Alex Secret") == std::string::npos);
  CHECK(json_of(fr.as({role::decider}, "GET", case_path)).at("permit_id") == "");
}

TEST_CASE("the dispatcher lists applications, gives them as a ZIP, and moves them by its own names") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  auto const rows = json_of(fr.as({role::screener}, "GET", "/national-dispatcher/applications"));
  REQUIRE(rows.size() == 1);
  CHECK(rows.at(0).at("applicationType") == "application");
  auto const zip = fr.as({role::screener}, "GET", dispatcher_path);
  CHECK(zip.headers.get("Content-Type") == "application/zip");
  auto const back = node::access::read_brought(zip.body);
  REQUIRE(back);
  CHECK(node::access::read_application_metadata(back->metadata_json)->application_id == application);
  CHECK_FALSE(back->attachments_zip.empty());
  auto const moved = fr.as({role::screener}, "POST", dispatcher_path + "/changeStatus", {{"status", "PRE_SCREENING"}});
  CHECK(json_of(moved).at("status") == "PRE_SCREENING");
  json const question{
      {"section", "section6"}, {"field", "inclusionCriteria"}, {"comment", "Which?"}, {"country", "FR"}};
  auto const asked =
      fr.as({role::screener}, "POST", dispatcher_path + "/requestInfo", {{"sections", json::array({question})}});
  CHECK(json_of(asked).at("status") == "AWAITING_ADDITIONAL_INFORMATION");
}

TEST_CASE("the dispatcher refuses what it does not know") {
  one_house fr("FR", know_the_centre);
  REQUIRE(bring(fr, brought()).status == 201);
  CHECK(fr.as({role::screener}, "POST", dispatcher_path + "/changeStatus", {{"status", "GRANTED"}}).status == 404);
  CHECK(fr.as({role::screener}, "POST", dispatcher_path + "/explode", json::object()).status == 404);
  CHECK(fr.as({role::screener}, "GET", "/national-dispatcher/applications/nothing").status == 404);
  CHECK(
      fr.as({role::screener}, "POST", "/national-dispatcher/applications/nothing/requestInfo", json::object()).status ==
      404);
  auto const undecided = fr.as({role::decider}, "POST", dispatcher_path + "/updateApplicationDecision",
                               {{"decision", "Perhaps"}, {"justification", "x"}});
  CHECK(undecided.status == 422);
}
