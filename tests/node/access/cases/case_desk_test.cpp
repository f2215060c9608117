#include "node/access/cases/case_desk.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/register/public_register.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;

namespace {

std::string sentence(result<command_outcome> const& done) { return done ? "done" : done.error().detail; }

}  // namespace

TEST_CASE("An arriving application opens one case, is published at once and acknowledged") {
  desk_fixture house;

  CHECK(house.arrive(access_application({"FI", "FR"}), "m-1").empty());

  auto const page = house.desk.find(house.case_id);
  REQUIRE(page);
  CHECK(page->line.status == "SUBMITTED");
  CHECK(page->line.next_actor == "authority");
  CHECK(page->state.published);
  CHECK(page->timeline.size() == 2);
  CHECK(house.posted_actions() == "applicationAck");
  CHECK(house.posted.at(0).in_reply_to == "m-1");
  CHECK(house.audited.size() == 2);
  CHECK(public_register{house.db}.find(house.case_id)->applicant == "University of Example");
  CHECK(house.desk.rebuild_and_compare().empty());
}

TEST_CASE("The same application arriving again changes nothing") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  CHECK(house.arrive(access_application({"FR"}), "m-2").empty());

  CHECK(house.desk.cases().size() == 1);
  CHECK(house.posted.size() == 1);
}

TEST_CASE("The whole way to a permit") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information, verb::receive_information, verb::mark_complete,
              verb::extend, verb::propose_decision});
  CHECK(house.desk.find(house.case_id)->line.sub_state == "decision proposed");
  house.walk({verb::decide});
  CHECK(house.status() == "POSITIVE_DECISION_ISSUED");
  house.walk({verb::accept});

  auto const line = house.desk.find(house.case_id)->line;
  CHECK(line.status == "POSITIVE_DECISION_ACCEPTED");
  CHECK(line.permit_id == "FR-2026-0001/1");
  CHECK(line.permit_status == "GRANTED");
  CHECK(line.next_actor == "nobody");
  CHECK(house.posted_actions() ==
        "applicationAck statusUpdate requestInfo additionalInformationAck statusUpdate statusUpdate extension decision "
        "statusUpdate permitInfo");
  CHECK(house.audited.size() == 11);
  CHECK(house.desk.rebuild_and_compare().empty());
}

TEST_CASE("A decision says who signed it and why, and reaches the register without personal data") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  REQUIRE(house.act(verb::propose_decision, "assessor", refusing()));
  house.walk({verb::decide});

  CHECK(house.status() == "NEGATIVE_DECISION_ISSUED");
  auto const content = nlohmann::json::parse(house.posted.back().content_json);
  CHECK(content["decision"] == "Negative");
  CHECK(content["signer"]["job_title"] == "Head of decider");
  CHECK(content["reasons"][0]["criterion"] == "68(1)(b)");
  CHECK(content["due"] == "2026-12-22");
  auto const entry = public_register{house.db}.find(house.case_id).value();
  CHECK(entry.decision == "refused");
  CHECK(entry.grounds.at(0).criterion == "68(1)(b)");
  CHECK(entry.purposes.at(0) == "(e) Scientific research in the health sector");
  auto const feed = public_register{house.db}.to_json_feed();
  CHECK(feed.find("Alex Secret") == std::string::npos);
  CHECK(feed.find("alex.secret") == std::string::npos);
}

TEST_CASE("Who proposed a decision cannot take it, and nobody can decide alone") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  case_actor const both{"jo", "Jo", "Head", {"assessor", "decider"}};

  CHECK(code(house.act(verb::decide, "decider", granting())) == "access.case.duties");
  REQUIRE(house.desk.execute({"k1", house.case_id, verb::propose_decision, both, granting()}));
  auto const alone = house.desk.execute({"k2", house.case_id, verb::decide, both, {}});
  CHECK(code(alone) == "access.case.duties");
  CHECK(sentence(alone) == "Who proposed the decision cannot be the one who takes it.");
  CHECK(house.act(verb::decide, "decider"));
}

TEST_CASE("A command under the same key is done once and answered again") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  case_command command{"once", house.case_id, verb::start_pre_screening, {"s", "", "", {"screener"}}, {}};

  CHECK_FALSE(house.desk.execute(command)->repeated);
  auto const again = house.desk.execute(command);
  CHECK(again->repeated);
  CHECK(again->status == "PRE_SCREENING");
  CHECK(house.desk.find(house.case_id)->timeline.size() == 3);
  command.verb = verb::mark_complete;
  CHECK(code(house.desk.execute(command)) == "access.command.reused");
}

TEST_CASE("An effect that cannot be audited leaves nothing behind") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  auto ports = recording_ports(house.posted, house.audited);
  ports.audit = [](node::store::transaction&, audit_note const&) -> result<void> {
    return problem{"audit.sealed", "The log is sealed.", "", ""};
  };
  case_desk sealed{house.db, house.time, desk_fixture::french(), ports};

  CHECK(code(sealed.execute({"k", house.case_id, verb::start_pre_screening, {"s", "", "", {"screener"}}, {}})) ==
        "audit.sealed");
  CHECK(house.status() == "SUBMITTED");
  CHECK(house.act(verb::start_pre_screening, "screener"));
}

TEST_CASE("Silence for 28 days after a decision withdraws it, not a day before") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide});

  house.days_pass(28);
  CHECK(house.desk.tick().value() == 0);
  CHECK(code(house.act(verb::lapse, "clock")) == "access.case.too_early");
  house.days_pass(1);
  CHECK(house.desk.tick().value() == 1);
  CHECK(house.desk.tick().value() == 0);
  CHECK(house.status() == "WITHDRAWN");
  CHECK(house.desk.find(house.case_id)->line.sub_state == "no answer in time");
  CHECK(house.desk.rebuild_and_compare().empty());
}

TEST_CASE("Information that never comes ends the case after four weeks") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information});
  CHECK(house.desk.find(house.case_id)->line.due == parse_date("2026-12-22").value());

  house.days_pass(29);
  CHECK(house.desk.tick().value() == 1);
  CHECK(house.status() == "WITHDRAWN");
}

TEST_CASE("Asking during the assessment pauses the clock and the answer returns the case to it") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  CHECK(house.desk.find(house.case_id)->line.due == parse_date("2027-02-24").value());
  house.walk({verb::ask_information});
  house.days_pass(5);
  house.walk({verb::receive_information});

  auto const page = house.desk.find(house.case_id).value();
  CHECK(page.line.status == "PROCESSING");
  CHECK(page.line.due == parse_date("2027-03-01").value());
  CHECK(page.clocks.at(0).explanation.at(2).find("stood still 5 days") != std::string::npos);
}

TEST_CASE("A data request is timed from its receipt and its answer from its approval") {
  desk_fixture house;
  house.arrive(request_application({"FR"}), "m-1");
  CHECK(house.desk.find(house.case_id)->line.due == parse_date("2027-02-24").value());
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});

  CHECK(house.desk.find(house.case_id)->line.due == parse_date("2027-02-24").value());
  house.walk({verb::record_answer});
  auto const line = house.desk.find(house.case_id)->line;
  CHECK(line.sub_state == "answered");
  CHECK_FALSE(line.due);
}

TEST_CASE("A refusal states its grounds, a grant its terms, a permit at most ten years") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  auto bare = refusing();
  bare.grounds.clear();
  auto endless = granting();
  endless.terms->valid_to = "2037-01-02";
  auto backwards = granting();
  backwards.terms->valid_to = "2026-12-31";
  auto termless = granting();
  termless.terms.reset();

  for (auto const& wrong : {bare, endless, backwards, termless})
    CHECK(code(house.act(verb::propose_decision, "assessor", wrong)) == "access.case.particulars");
}

TEST_CASE("Questions name fields of the form") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening});
  case_particulars wrong;
  wrong.questions = {{"section6", "noSuchField", "What?", "FR"}};

  CHECK(code(house.act(verb::ask_information, "screener", wrong)) == "access.case.particulars");
  CHECK(code(house.act(verb::ask_information, "screener")) == "access.case.particulars");
}

TEST_CASE("An unknown case is said to be unknown") {
  desk_fixture house;
  CHECK(code(house.desk.execute({"k", "nothing", verb::publish, the_clock(), {}})) == "access.case.unknown");
  CHECK_FALSE(house.desk.find("nothing"));
}
