// What a desk shows: lists, pages, timelines, what other countries decided. Nothing of it names the applicant's people.
#include "node/access/cases/case_desk.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using nlohmann::ordered_json;

namespace {

std::vector<std::string> const personal{"Alex",           "alex.secret", "example.org", "123456",
                                        "Example Street", "R-1",         "plan.pdf"};

std::string told(std::string const& application, std::string const& at, std::string const& status,
                 std::string const& summary = "") {
  return ordered_json{{"application_id", application},
                      {"country_id", "FI"},
                      {"hdab", "FI-HDAB"},
                      {"status", status},
                      {"summary", summary},
                      {"date", "2026-11-24T" + at + ":00Z"}}
      .dump();
}

application_document named(std::string const& id) {
  auto application = access_application({"FR"});
  application.application_id = id;
  return application;
}

std::vector<std::string> ids(std::vector<case_line> const& lines) {
  std::vector<std::string> all;
  for (auto const& line : lines) all.push_back(line.application_id);
  return all;
}

using texts = std::vector<std::string>;

case_filter only(std::string status, std::string application = "", std::string authority = "",
                 std::size_t limit = 200) {
  return {std::move(status), std::move(application), std::move(authority), limit};
}

}  // namespace

TEST_CASE("The timeline of a whole life has one sentence an event, each another, none with personal data") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information});
  CHECK(house
            .take("additionalInformation",
                  R"({"application_id":")" + application.application_id +
                      R"(","form":{"section3":{"contactPersonFullName":"Alex Secret"}}})",
                  "m-2")
            .empty());
  house.walk({verb::mark_complete, verb::set_track, verb::extend, verb::propose_decision, verb::decide, verb::accept,
              verb::request_amendment, verb::propose_decision, verb::amend, verb::request_renewal,
              verb::propose_decision, verb::renew, verb::revoke, verb::appeal_revocation,
              verb::reject_revocation_appeal});
  auto const timeline = house.desk.find(house.case_id)->timeline;

  CHECK(timeline.size() == 21);
  for (auto const& line : timeline) {
    CAPTURE(line.verb, line.what);
    CHECK_FALSE(line.what.empty());
    CHECK_FALSE(line.who.empty());
    for (auto const& word : personal) CHECK((line.what + line.who).find(word) == std::string::npos);
  }
  CHECK(timeline[0].who == "the centre");
  CHECK(timeline[0].message_id == "m-1");
  CHECK(timeline[1].who == "the clock");
  CHECK(timeline[4].who == "the applicant, through the centre");
  CHECK(timeline[4].message_id == "m-2");
  CHECK(timeline[2].who == "Officer screener");
}

TEST_CASE("Nothing of a person leaves in a message about a permit or a status, nor into an audit note") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept,
              verb::revoke});
  for (auto const& message : house.posted) {
    CAPTURE(message.action, message.content_json);
    for (auto const& word : personal) CHECK(message.content_json.find(word) == std::string::npos);
    if (message.action != "decision") CHECK(message.content_json.find("Officer") == std::string::npos);
    if (message.action == "permitInfo") CHECK(message.content_json.find("researcher-1") == std::string::npos);
  }
  for (auto const& note : house.audited)
    CHECK((note.actor + note.action + note.object + note.outcome).find("Officer") == std::string::npos);
}

TEST_CASE("Every event is audited once, under its own action, with the status that it led to") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  texts notes;
  for (auto const& note : house.audited) notes.push_back(note.actor + " " + note.action + " " + note.outcome);

  CHECK(notes == texts{"partner:EU access.case.receive SUBMITTED", "clock access.case.publish SUBMITTED",
                       "screener-1 access.case.start_pre_screening PRE_SCREENING",
                       "screener-1 access.case.mark_complete PROCESSING"});
}

TEST_CASE("A deed that is refused is neither audited nor told") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  auto const audited = house.audited.size();
  auto const posted = house.posted.size();
  CHECK_FALSE(house.act(verb::decide, "decider"));
  CHECK_FALSE(house.act(verb::start_pre_screening, "applicant"));

  CHECK(house.audited.size() == audited);
  CHECK(house.posted.size() == posted);
}

TEST_CASE("The list shows first what the authority must do, by due date, and filters add up") {
  desk_fixture house;
  for (auto const* id : {"a", "b", "c"}) {
    house.arrive(named(id), "m-" + std::string{id});
    house.days_pass(1);
  }
  house.case_id = "c.FR-HDAB";
  house.walk({verb::start_pre_screening, verb::mark_complete});  // has a due date
  house.case_id = "a.FR-HDAB";
  house.walk({verb::start_pre_screening, verb::ask_information});  // waits for the applicant

  CHECK(ids(house.desk.cases()) == texts{"c", "b", "a"});
  CHECK(ids(house.desk.cases(only("SUBMITTED"))) == texts{"b"});
  CHECK(ids(house.desk.cases(only("", "a"))) == texts{"a"});
  CHECK(ids(house.desk.cases(only("", "", "FR-HDAB"))).size() == 3);
  CHECK(ids(house.desk.cases(only("", "", "FR"))).empty());
  CHECK(ids(house.desk.cases(only("SUBMITTED", "a"))).empty());
  CHECK(ids(house.desk.cases(only("", "", "", 2))) == texts{"c", "b"});
  CHECK(ids(house.desk.cases(only("' OR 1=1 --"))).empty());
}

TEST_CASE("A page shows what is possible now, which is what the list of verbs then allows") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  for (auto const step : {verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide,
                          verb::accept, verb::revoke}) {
    auto const possible = house.desk.find(house.case_id)->possible;
    CAPTURE(to_text(step));
    CHECK(std::ranges::find(possible, to_text(step)) != possible.end());
    house.walk({step});
  }
  CHECK_FALSE(house.desk.find("none"));
  CHECK(house.desk.cases_of("none").empty());
  CHECK_FALSE(house.desk.application_metadata("none"));
  CHECK_FALSE(house.desk.attachments_zip("none"));
}

TEST_CASE("What another country decided is shown as it was told last, and its reason stays") {
  desk_fixture house;
  auto const application = access_application({"FI", "FR"});
  auto const& id = application.application_id;
  CHECK(house.take("statusUpdate", told(id, "09:05", "NEGATIVE_DECISION_ISSUED", "Negative"), "m-0").empty());
  house.arrive(application, "m-1");  // the application itself was overtaken
  CHECK(house.desk.find(house.case_id)->elsewhere.at(0).status == "NEGATIVE_DECISION_ISSUED");

  CHECK(house.take("statusUpdate", told(id, "09:07", "NEGATIVE_DECISION_ACCEPTED"), "m-3").empty());
  auto const now = house.desk.find(house.case_id)->elsewhere;
  REQUIRE(now.size() == 1);
  CHECK(now[0].status == "NEGATIVE_DECISION_ACCEPTED");
  CHECK(now[0].summary == "Negative");
  CHECK(house.status() == "SUBMITTED");
}

TEST_CASE("A message for one authority moves the case of that authority alone, also when names end alike") {
  auto settings = desk_fixture::french();
  settings.authorities = {{"NORD.HDAB", "North"}, {"HDAB", "South"}};
  desk_fixture house{settings};
  auto application = access_application({"FR"});
  application.datasets[0].authority = "North";
  application.datasets.push_back(dataset("second", "FR"));
  application.datasets.back().authority = "South";
  house.arrive(application, "m-1");
  auto const& id = application.application_id;
  CHECK(house.take("withdrawal", ordered_json{{"application_id", id}, {"hdab", "HDAB"}}.dump(), "m-2").empty());

  CHECK(house.desk.find(id + ".HDAB")->line.status == "WITHDRAWN");
  CHECK(house.desk.find(id + ".NORD.HDAB")->line.status == "SUBMITTED");
  CHECK(house.take("withdrawal", ordered_json{{"application_id", id}, {"hdab", "OTHER"}}.dump(), "m-3").size() == 1);
}

TEST_CASE("Files that come with an answer are a sound archive or are refused with the whole answer") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information});
  auto const answer =
      ordered_json{{"application_id", application.application_id}, {"form", ordered_json::object()}}.dump();

  auto const found = house.take("additionalInformation", answer, "m-2", "no zip");
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "access.zip.syntax");
  CHECK(house.status() == "AWAITING_ADDITIONAL_INFORMATION");
  CHECK(house.desk.attachments_zip(application.application_id) == plan_zip());
  CHECK(house.take("additionalInformation", answer, "m-3").empty());
}

TEST_CASE("The same application arriving twice opens one case, and its second copy changes nothing") {
  desk_fixture house;
  auto application = access_application({"FR"});
  CHECK(house.arrive(application, "m-1").empty());
  house.walk({verb::start_pre_screening});
  application.title = "Another title";
  CHECK(house.arrive(application, "m-2").empty());

  CHECK(house.desk.cases().size() == 1);
  CHECK(house.status() == "PRE_SCREENING");
  CHECK(ordered_json::parse(*house.desk.application_metadata(application.application_id))["title"] ==
        "Seasons and the heart");
  CHECK(house.posted_actions() == "applicationAck statusUpdate");
}
