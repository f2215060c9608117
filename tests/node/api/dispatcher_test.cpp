// The National Dispatcher's operations: what a caller could not see or could do by a slip of the pen; and the keys it
// is called with.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"
#include "node/api/surfaces.hpp"
#include "node/audit/log.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node;
using access::case_verb;
using access_samples::desk_fixture;
using identity::role;
using nlohmann::json;

namespace {

std::vector<store::migration> people_tables() {
  auto all = identity::migrations();
  for (auto& more : audit::migrations()) all.push_back(std::move(more));
  return all;
}

struct dispatcher : desk_fixture {
  store::database people{store::database::open(folder / "people.sqlite", {.migrations = people_tables()}).value()};
  identity::sessions sessions{people, time};
  identity::api_keys keys{people, time};
  api::rooms rooms;
  http::router routes;

  explicit dispatcher(access::desk_settings settings = french()) : desk_fixture(std::move(settings)) {
    rooms.self = {"FR", "Authority of France", "FR", false, ""};
    rooms.db = &people;
    rooms.wall = &time;
    rooms.sessions = &sessions;
    rooms.api_keys = &keys;
    rooms.desk = &desk;
    rooms.nudge = [] {};
    for (auto& route : api::dispatcher_routes(rooms)) routes.add(std::move(route));
    for (auto& route : api::key_routes(rooms)) routes.add(std::move(route));
  }

  std::string key_with(identity::roles roles) {
    return keys.issue({"", "system", "FR", "FR", std::move(roles)}, std::nullopt).value().text;
  }
  http::response ask(std::string const& key, std::string method, std::string const& target, json const& body = {}) {
    http::request asked;
    asked.method = std::move(method);
    asked.target = target;
    asked.path = target.substr(0, target.find('?'));
    if (auto const at = target.find("?authority="); at != std::string::npos)
      asked.query.add("authority", target.substr(at + 11));
    asked.headers.set("X-API-Key", key);
    asked.headers.set("Content-Type", "application/json");
    asked.body = body.dump();
    return routes.answer(asked);
  }
  http::response operate(std::string const& operation, json const& body, role as = role::assessor) {
    return ask(key_with({as}), "POST", path() + "/" + operation, body);
  }
  std::string path() const { return "/national-dispatcher/applications/" + application; }

  std::string application = access_samples::access_application({"FR"}).application_id;
};

std::string code(http::response const& answer) {
  return json::parse(answer.body, nullptr, false).value("code", std::to_string(answer.status));
}
std::string where(http::response const& answer) { return json::parse(answer.body).value("where", ""); }

}  // namespace

TEST_CASE("A decision in another word than Positive or Negative refused the applicant") {
  dispatcher house;
  house.arrive(access_samples::access_application({"FR"}), "m-1");
  house.walk({case_verb::start_pre_screening, case_verb::mark_complete});
  REQUIRE(house.act(case_verb::propose_decision, "assessor", access_samples::refusing()));

  for (auto const& decision : {json("positive"), json("granted"), json(""), json(3), json(nullptr)}) {
    auto const answer = house.operate("updateApplicationDecision", {{"decision", decision}}, role::decider);
    CHECK(answer.status == 422);
    CHECK(where(answer) == "/decision");
  }
  CHECK(house.operate("updateApplicationDecision", json::object(), role::decider).status == 422);
  auto const bad_ground =
      house.operate("updateApplicationDecision", {{"decision", "Negative"}, {"grounds", "none"}}, role::decider);
  CHECK(where(bad_ground) == "/grounds");
  CHECK(house.status() == "PROCESSING");
  auto const against = house.operate("updateApplicationDecision", {{"decision", "Positive"}}, role::decider);
  CHECK(against.status == 409);
  CHECK(code(against) == "access.case.proposal");
  CHECK(house.operate("updateApplicationDecision", {{"decision", "Negative"}}, role::decider).status == 200);
  CHECK(house.status() == "NEGATIVE_DECISION_ISSUED");
}

TEST_CASE("A positive decision on a partial proposal takes the part that was proposed") {
  dispatcher house;
  house.arrive(access_samples::access_application({"FR"}), "m-1");
  house.walk({case_verb::start_pre_screening, case_verb::mark_complete});
  auto partial = access_samples::granting();
  partial.outcome = access::decision_outcome::partial;
  partial.grounds = {{"68(1)(b)", "One register is enough."}};
  REQUIRE(house.act(case_verb::propose_decision, "assessor", partial));

  CHECK(house.operate("updateApplicationDecision", {{"decision", "Positive"}}, role::decider).status == 200);
  CHECK(house.desk.find(house.case_id)->state.decision->outcome == access::decision_outcome::partial);
}

TEST_CASE("The list said version 1 and the day of the last change, whatever was received") {
  dispatcher house;
  house.arrive(access_samples::access_application({"FR"}), "m-1");
  house.walk({case_verb::start_pre_screening, case_verb::ask_information});
  house.days_pass(3);
  json const more{{"application_id", house.application}, {"form", {{"section9", {{"additionalInformation", "x"}}}}}};
  REQUIRE(house.take("additionalInformation", more.dump(), "m-2").empty());

  auto const rows =
      json::parse(house.ask(house.key_with({role::screener}), "GET", "/national-dispatcher/applications").body);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["version"] == 1);
  CHECK(rows[1]["version"] == 2);
  for (auto const& row : rows) CHECK(row["dateSubmitted"] == "2026-11-20T10:00:00.000Z");
}

TEST_CASE("A due date that was asked for was passed over in silence") {
  dispatcher house;
  house.arrive(access_samples::access_application({"FR"}), "m-1");
  house.walk({case_verb::start_pre_screening, case_verb::mark_complete});
  json body{{"justification", "A complex case."}, {"dueDate", "2027-03-01"}};

  auto const refused = house.operate("setDueDates", body);
  CHECK(refused.status == 422);
  CHECK(code(refused) == "access.case.due");
  CHECK(house.desk.find(house.case_id)->line.due == parse_date("2027-02-24").value());
  auto const detail = json::parse(refused.body)["detail"].get<std::string>();
  body["dueDate"] = detail.substr(detail.size() - 11, 10);
  CHECK(house.operate("setDueDates", body).status == 200);
  CHECK(to_text(house.desk.find(house.case_id)->line.due.value()) == body["dueDate"].get<std::string>());
}

TEST_CASE("Of two authorities' cases the first was moved, whoever asked") {
  auto settings = desk_fixture::french();
  settings.authorities.push_back({"FR-REGION", "FR region"});
  dispatcher house{settings};
  auto application = access_samples::access_application({"FR"});
  application.datasets.push_back(access_samples::dataset("regional", "FR"));
  application.datasets.back().authority = "FR region";
  house.arrive(application, "m-1");
  auto const key = house.key_with({role::screener});
  json const body{{"status", "PRE_SCREENING"}};

  auto const unnamed = house.ask(key, "POST", house.path() + "/changeStatus", body);
  CHECK(unnamed.status == 422);
  CHECK(code(unnamed) == "access.case.authority");
  CHECK(house.ask(key, "POST", house.path() + "/changeStatus?authority=FR-REGION", body).status == 200);
  CHECK(house.desk.find(house.application + ".FR-REGION")->line.status == "PRE_SCREENING");
  CHECK(house.desk.find(house.application + ".FR-HDAB")->line.status == "SUBMITTED");
  CHECK(house.ask(key, "POST", house.path() + "/changeStatus?authority=DK-HDAB", body).status == 404);
}

TEST_CASE("No key could be issued: the operator issues one that works, and takes it back") {
  dispatcher house;
  auto const chief = house.key_with({role::operator_});
  json const wish{{"name", "DAAMS"}, {"roles", {"screener", "assessor"}}};
  CHECK(house.ask(house.key_with({role::decider}), "POST", "/api/api-keys", wish).status == 403);

  auto const made = house.ask(chief, "POST", "/api/api-keys", wish);
  REQUIRE(made.status == 201);
  auto const issued = json::parse(made.body);
  auto const key = issued["key"].get<std::string>();
  auto const id = issued["id"].get<std::string>();
  CHECK(house.ask(key, "GET", "/national-dispatcher/applications").status == 200);
  auto const listed = house.ask(chief, "GET", "/api/api-keys");
  REQUIRE(listed.status == 200);
  auto const keys = json::parse(listed.body).at("keys");
  auto const ours = std::ranges::find_if(keys, [&](json const& one) { return one.at("id") == id; });
  REQUIRE(ours != keys.end());
  CHECK(ours->at("name") == "DAAMS");
  CHECK(ours->at("roles") == json{"screener", "assessor"});
  CHECK(ours->at("back_end").is_null());
  CHECK(ours->at("expires").is_null());
  CHECK(ours->at("created").get<std::string>().starts_with("20"));
  CHECK(key.starts_with("ehds_" + id + "_"));  // so the holder of a key knows which one it is
  CHECK(listed.body.find(key.substr(key.rfind('_') + 1)) == std::string::npos);
  CHECK(house.ask(house.key_with({role::decider}), "GET", "/api/api-keys").status == 403);
  CHECK(house.ask(chief, "DELETE", "/api/api-keys/" + id).status == 204);
  CHECK(house.ask(chief, "GET", "/api/api-keys").body.find(id) == std::string::npos);
  CHECK(house.ask(key, "GET", "/national-dispatcher/applications").status == 401);
  CHECK(house.ask(chief, "DELETE", "/api/api-keys/nothing").status == 404);

  auto const entries = house.people.read([](store::reading& now) { return audit::recent(now, 10); });
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].leaf.find("key.revoked") != std::string::npos);
  CHECK(entries[1].leaf.find("key.issued") != std::string::npos);
  CHECK(entries[1].leaf.find("key:" + id) != std::string::npos);
  CHECK(entries[1].leaf.find(key) == std::string::npos);
}

TEST_CASE("A key that could make keys or audit itself is not issued") {
  dispatcher house;
  auto const chief = house.key_with({role::operator_});
  for (auto const& roles : {json{"operator"}, json{"auditor"}, json{"screener", "operator"},
                            json{"applicant", "decider"}, json{"king"}, json::array(), json("screener"), json{3}}) {
    auto const answer = house.ask(chief, "POST", "/api/api-keys", {{"name", "DAAMS"}, {"roles", roles}});
    CAPTURE(roles.dump());
    CHECK(answer.status >= 400);
    CHECK(answer.status < 500);
  }
  CHECK(house.ask(chief, "POST", "/api/api-keys", {{"roles", {"screener"}}}).status == 400);
  auto const more =
      house.ask(chief, "POST", "/api/api-keys", {{"name", "DAAMS"}, {"roles", {"screener"}}, {"days", 1}});
  CHECK(more.status == 400);
  CHECK(json::parse(more.body).at("where") == "/days");
  auto const unknown =
      json::parse(house.ask(chief, "POST", "/api/api-keys", {{"name", "DAAMS"}, {"roles", {"backend"}}}).body);
  CHECK(unknown.at("where") == "/roles");
  CHECK(unknown.at("mend") ==
        "use some of applicant, screener, assessor, decider, catalogue_editor, data_preparer, back_end");
}
