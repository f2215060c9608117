// The way of an application through the pages: basket, draft, submission, desk, questions, decision, register.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "node/access/archive/application_archive.hpp"
#include "node/access/samples.hpp"
#include "node/exchange/tables.hpp"
#include "node/pages/page_house.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace page_tests;
using identity::role;

namespace {

struct people {
  page_house house;
  visitor anna{house};
  visitor sam{house};
  visitor ada{house};
  visitor dora{house};

  people() {
    house.account("anna", "Anna <b>", {role::applicant});
    house.account("sam", "Sam", {role::screener});
    house.account("ada", "Ada", {role::assessor});
    house.account("dora", "Dora", {role::decider});
    anna.sign_in("anna");
    sam.sign_in("sam");
    ada.sign_in("ada");
    dora.sign_in("dora");
  }

  std::string draft_with(std::string const& dataset) {
    REQUIRE(anna.post("/basket", {{"dataset", dataset}, {"next", "/"}}).status == 303);
    auto const made = anna.post("/applications/new", {{"type", "DATA_ACCESS_APPLICATION"}});
    REQUIRE(made.status == 303);
    return std::string(made.headers.get("Location"));
  }

  // Everything answered behind the pages' back: filling in each field is tested apart.
  std::string submitted() {
    auto const path = draft_with(house.dataset("FR-1", "Stays in hospital"));
    auto const id = path.substr(path.rfind('/') + 1);
    auto const plan = house.centre->put_file(id, "anna", "plan.pdf", "%PDF-").value();
    auto form = nlohmann::ordered_json::parse(access_samples::access_form({"FR"}));
    form["section5"]["summaryOfResearchPlan"][0]["id"] = plan.id;
    for (auto const& [section, answers] : form.items())
      REQUIRE(house.centre->save_section(id, "anna", section, answers.dump()));
    auto const page = anna.get(path);
    REQUIRE(has(page, "Submit to all authorities concerned"));
    auto const sent = anna.post(path + "/submission", {{"key", "k-1"}});
    REQUIRE(sent.status == 303);
    house.deliver();
    return std::string(sent.headers.get("Location"));
  }

  std::string case_path() { return "/desk/cases/" + house.desk->cases().at(0).case_id; }

  void command(visitor& officer, std::string const& verb, std::map<std::string, std::string> fields = {}) {
    auto const page = officer.get(case_path());
    fields["verb"] = verb;
    fields["key"] = hidden_field(page.body, "key");
    auto const done = officer.post(case_path() + "/commands", fields);
    INFO((done.status == 303 ? "" : done.body.substr(done.body.find("<main"))));
    REQUIRE(done.status == 303);
    house.deliver();
  }
};

}  // namespace

TEST_CASE("datasets are chosen, a draft is begun, and every section of its form can be opened") {
  people p;
  auto const path = p.draft_with(p.house.dataset("FR-1", "Stays <i>in</i> hospital"));
  CHECK(p.anna.cookies["ehds_basket"].empty());
  for (int number = 1; number <= 10; ++number) {
    auto const page = p.anna.get(path + "?section=section" + std::to_string(number));
    CHECK(page.status == 200);
    CHECK(has(page, "Stays &lt;i&gt;in&lt;/i&gt; hospital"));
    CHECK(has(page, "aria-current=\"step\""));
  }
  CHECK(has(p.anna.get(path + "?section=section6"), "name=\"FR.inclusionCriteria\""));
  CHECK(has(p.anna.get(path), "An answer is missing."));
  CHECK(p.sam.get(path).status == 403);
  auto const french = p.anna.get(path + "?section=section6&lang=fr");
  CHECK(has(french, "Critères d&#39;inclusion"));
  CHECK(has(french, "Une réponse manque."));
}

TEST_CASE("the basket grows and shrinks, and its datasets can join a draft later") {
  people p;
  auto const path = p.draft_with(p.house.dataset("FR-1", "Stays in hospital"));
  auto const other = p.house.dataset("FR|2", "Vaccinations");
  REQUIRE(p.anna.post("/basket", {{"dataset", other}, {"next", "/"}}).status == 303);
  REQUIRE(p.anna.post("/basket", {{"dataset", other}, {"next", "/"}}).status == 303);
  CHECK(p.anna.post("/basket", {{"dataset", "nobody knows it"}}).status == 404);
  CHECK(has(p.anna.get("/"), "Chosen for your application."));
  CHECK(has(p.anna.get("/applications/new"), "Vaccinations"));
  CHECK(p.anna.post(path + "/datasets", {{"add", "basket"}}).status == 303);
  CHECK(has(p.anna.get(path), "Vaccinations"));
  CHECK(p.anna.post(path + "/datasets", {{"remove", other}}).status == 303);
  CHECK_FALSE(has(p.anna.get(path), "Vaccinations"));
  REQUIRE(p.anna.post("/basket", {{"dataset", "FR-1"}, {"next", "/"}}).status == 303);
  CHECK(p.anna.post("/basket/removals", {{"dataset", "FR-1"}, {"next", "/"}}).status == 303);
  CHECK(p.anna.cookies["ehds_basket"].empty());
}

TEST_CASE("without datasets no section that needs them is ticked off, and a draft can be discarded") {
  people p;
  auto const path = p.draft_with(p.house.dataset("FR-1", "Stays in hospital"));
  auto const ticked = [&](std::string const& section) {
    auto const body = p.anna.get(path).body;
    auto const at = body.find("?section=" + section + "\"");
    return body.substr(at, body.find("</a>", at) - at).find("✓") != std::string::npos;
  };
  CHECK(ticked("section1"));
  CHECK_FALSE(ticked("section2"));
  REQUIRE(p.anna.post(path + "/datasets", {{"remove", "FR-1"}}).status == 303);
  CHECK_FALSE(ticked("section1"));
  CHECK_FALSE(ticked("section6"));
  CHECK(has(p.anna.get(path), "The button to submit appears here"));

  CHECK(p.anna.post(path + "/discard", {}).status == 303);
  CHECK(p.anna.get(path).status == 404);
  CHECK(p.anna.post(path + "/discard", {}).status == 404);
}

TEST_CASE("an application is withdrawn from its page, and another's is not there") {
  people p;
  auto const application = p.submitted();
  p.house.account("eve", "Eve", {role::applicant});
  visitor eve(p.house);
  eve.sign_in("eve");
  CHECK(eve.get(application).status == 404);
  CHECK(eve.post(application + "/withdrawal", {{"key", "w"}}).status == 404);
  CHECK(p.anna.post(application + "/withdrawal", {{"key", "w"}}).status == 303);
  p.house.deliver();
  CHECK(has(p.anna.get(application), "Withdrawn"));
  CHECK(has(p.anna.get("/applications"), "1 withdrawn"));
}

TEST_CASE("a section is saved as it was typed, and what cannot be kept is shown again with the reason") {
  people p;
  auto const path = p.draft_with(p.house.dataset("FR-1", "Stays in hospital"));
  auto const save = [&](std::map<std::string, std::string> fields, std::string const& section) {
    fields["version"] = hidden_field(p.anna.get(path + "?section=" + section).body, "version");
    return p.anna.post(path + "/sections/" + section, fields);
  };
  CHECK(save({{"a.projectName", "Winter & <hearts>"}, {"a.purposeForWhichDataWillBeUsed", "e"}}, "section2").status ==
        303);
  auto const page = p.anna.get(path + "?section=section2&saved=yes");
  CHECK(has(page, "value=\"Winter &amp; &lt;hearts&gt;\""));
  CHECK(has(page, "Saved."));
  CHECK(has(page, "value=\"e\" checked"));
  std::string summary;
  for (int i = 0; i < 300; ++i) summary += "word ";
  CHECK(save({{"a.projectName", "Hearts"}, {"a.countryOfProjectLeader", "France"}, {"a.summaryOfTheProject", summary}},
             "section2")
            .status == 303);
  auto const found = p.anna.get(path + "?section=section2");
  CHECK(has(found, "The answer has too many words."));
  CHECK(has(found, "not a country code of two capital letters"));
  CHECK(has(found, "data-words=\"250\""));
  auto const wrong = save({{"a.countryOfProjectLeader", std::string(600, 'x')}}, "section2");
  CHECK(wrong.status == 422);
  CHECK(has(wrong, std::string(600, 'x')));
  CHECK(save({{"country", "FR"}, {"FR.inclusionCriteria", "I50"}, {"FR.sizeOfTheStudyCohort", "10"}}, "section6")
            .status == 303);
  CHECK(has(p.anna.get(path + "?section=section6"), "I50</textarea>"));
  CHECK(save({{"country", "XX"}, {"XX.inclusionCriteria", "I50"}}, "section6").status == 404);
  CHECK(save({{"a.peopleWhoWillBeProcessingTheData.0.fullName", "Kim"}}, "section8").status == 303);
  CHECK(has(p.anna.get(path + "?section=section8"), "value=\"Kim\""));
}

TEST_CASE("a section saved elsewhere in between is not overwritten") {
  people p;
  auto const path = p.draft_with(p.house.dataset("FR-1", "Stays in hospital"));
  auto const version = hidden_field(p.anna.get(path).body, "version");
  CHECK(p.anna.post(path + "/sections/section2", {{"version", version}, {"a.projectName", "One"}}).status == 303);
  auto const late = p.anna.post(path + "/sections/section2", {{"version", version}, {"a.projectName", "Two"}});
  CHECK(late.status == 422);
  CHECK(has(late, "Two"));
}

TEST_CASE("an application goes from submission to decision through the pages alone") {
  people p;
  auto const application = p.submitted();
  CHECK(p.house.faults == std::vector<std::string>{});
  CHECK(has(p.anna.get(application), "Received"));
  CHECK(has(p.sam.get("/desk"), "Seasons and the heart"));
  CHECK(has(p.sam.get("/register"), "Seasons and the heart"));

  p.command(p.sam, "start_pre_screening");
  p.command(p.sam, "ask_information",
            {{"field.0", "section6/inclusionCriteria"}, {"comment.0", "Which <codes>?"}, {"country", "FR"}});
  auto const asked = p.anna.get(application);
  CHECK(has(asked, "Which &lt;codes&gt;?"));
  auto const key = hidden_field(asked.body, "key");
  CHECK(p.anna.post(application + "/answers", {{"country", "FR"}, {"section6.inclusionCriteria", "I50"}, {"key", key}})
            .status == 303);
  p.house.deliver();
  p.command(p.sam, "mark_complete");
  p.command(p.ada, "propose_decision",
            {{"outcome", "granted"}, {"valid_from", "2027-01-01"}, {"valid_to", "2028-12-31"}, {"datasets", "FR-1"}});
  auto const alone = p.ada.post(p.case_path() + "/commands", {{"verb", "decide"}, {"key", "x"}});
  CHECK(alone.status == 403);
  p.command(p.dora, "decide", {{"text", "As proposed."}});
  CHECK(has(p.dora.get(p.case_path()), "Positive decision"));
  auto const zip = p.dora.get(p.case_path() + "/attachments");
  auto const again = access::read_brought(zip.body);  // as a desk takes it
  REQUIRE(again);
  CHECK_FALSE(again->attachments_zip.empty());
  CHECK(access::read_application_metadata(again->metadata_json));

  auto const decided = p.anna.get(application);
  CHECK(has(decided, "waits for your answer to its decision"));
  CHECK(p.anna.post(application + "/response", {{"country", "FR"}, {"response", "accept"}, {"key", "r"}}).status ==
        303);
  p.house.deliver();
  auto const whole = p.anna.get(application);
  CHECK(has(whole, "FR-2026-0001/1"));
  for (auto const* const words : {"Now: Being screened", "The authority decided: Granted",
                                  "The applicant answered the decision: accepted", "1 of 1 decided: 1 granted"})
    CHECK(has(whole, words));
  CHECK_FALSE(has(whole, "PRE_SCREENING"));
  auto const french = p.anna.get(application + "?lang=fr");
  for (auto const* const words :
       {"La demande a été déposée", "Désormais : En vérification", "1 sur 1 décidées: 1 accord"})
    CHECK(has(french, words));
  CHECK_FALSE(has(french, "The "));
  auto const entry = p.sam.get("/register/" + p.house.desk->cases().at(0).case_id);
  CHECK(has(entry, "Granted"));
  CHECK_FALSE(has(entry, "Alex Secret"));
}

TEST_CASE("a refusal states its grounds, and the clocks of a case explain themselves") {
  people p;
  auto const application = p.submitted();
  p.command(p.sam, "start_pre_screening");
  p.command(p.sam, "mark_complete");
  auto const page = p.ada.get(p.case_path());
  CHECK(has(page, "class=\"why\""));
  CHECK(has(page, "What the applicant wrote"));
  CHECK(has(page, "Alex Secret"));  // officers read what was written
  auto const silent =
      p.ada.post(p.case_path() + "/commands", {{"verb", "propose_decision"}, {"outcome", "refused"}, {"key", "x"}});
  CHECK(silent.status == 422);
  p.command(p.ada, "propose_decision",
            {{"outcome", "refused"}, {"criterion.0", "68(1)(b)"}, {"ground.0", "Too <many> persons."}});
  p.command(p.dora, "decide");
  CHECK(has(p.anna.get(application), "Too &lt;many&gt; persons."));
  CHECK(has(p.anna.get("/register/" + p.house.desk->cases().at(0).case_id), "68(1)(b)"));
}

TEST_CASE("a form sent twice is one command") {
  people p;
  p.submitted();
  p.sam.get(p.case_path());
  for (int i = 0; i < 2; ++i)
    CHECK(p.sam.post(p.case_path() + "/commands", {{"verb", "start_pre_screening"}, {"key", "same"}}).status == 303);
  auto const timeline = p.house.desk->find(p.house.desk->cases().at(0).case_id)->timeline;
  CHECK(std::ranges::count(timeline, "start_pre_screening", &access::timeline_line::verb) == 1);
}

TEST_CASE("a case leads to the messages about its application, and they lead back to it") {
  people p;
  auto const application = p.submitted();
  auto const id = application.substr(application.rfind('/') + 1);
  p.house.account("otto", "Otto", {role::operator_});
  visitor otto(p.house);
  otto.sign_in("otto");
  exchange::ledger_row row;
  row.is_incoming = true;
  row.message_id = "m-77@eu";
  row.action = "routingApplication";
  row.nation_id = "EU";
  row.subject = id;
  row.at = p.house.wall.now();
  row.valid = true;
  REQUIRE(p.house.db->commit([&](store::transaction& tx) -> result<void> {
    exchange::add_to_ledger(tx, row);
    return {};
  }));
  auto const link = "href=\"/ledger?subject=" + http::percent_encode(id) + "\"";
  CHECK(has(otto.get(p.case_path()), link));
  CHECK_FALSE(has(p.sam.get(p.case_path()), link));
  auto const message = otto.get("/ledger/m-77%40eu");
  CHECK(badly_nested(message.body).empty());
  auto const encoded = http::percent_encode(p.case_path().substr(p.case_path().rfind('/') + 1));
  CHECK(has(message, "href=\"/desk/cases/" + encoded + "\""));
  CHECK(has(message, "href=\"/applications/" + http::percent_encode(id) + "\""));
  CHECK(has(message, link));
  CHECK(has(otto.get("/applications/" + http::percent_encode(id)), "href=\"/ledger/"));
}
