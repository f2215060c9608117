// One person could decide: the decider sent other terms than the assessor had proposed.
#include "node/access/cases/case_desk.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;

namespace {

struct proposed_case : desk_fixture {
  explicit proposed_case(desk_settings settings = french()) : desk_fixture(std::move(settings)) {
    arrive(access_application({"FR"}), "m-1");
    walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision});
  }
  permit_terms permit() const { return desk.find(case_id)->state.permit.value().terms; }
};

case_particulars longer() {
  auto what = granting();
  what.terms->valid_to = "2030-12-31";
  return what;
}

}  // namespace

TEST_CASE("A decider who sent other terms than were proposed decided alone") {
  proposed_case house;
  auto wider = granting();
  wider.terms->datasets.push_back("everything");
  auto other_reason = granting();
  other_reason.grounds = {{"68(1)(a)", "Another reason."}};

  for (auto const& other : {wider, longer(), refusing(), other_reason})
    CHECK(code(house.act(verb::decide, "decider", other)) == "access.case.proposal");
  CHECK(house.status() == "PROCESSING");
  CHECK(house.act(verb::decide, "decider", granting()));
}

TEST_CASE("A decider who repeats nothing, or only the outcome, takes what was proposed") {
  auto const empty = GENERATE(true, false);
  proposed_case house;
  case_particulars what;
  if (!empty) what.outcome = decision_outcome::granted;

  REQUIRE(house.act(verb::decide, "decider", what));
  CHECK(house.desk.find(house.case_id)->state.decision->terms == terms());
}

TEST_CASE("A decider who amended or renewed a permit wrote its terms alone") {
  auto const [ask, take] =
      GENERATE(table<verb, verb>({{verb::request_amendment, verb::amend}, {verb::request_renewal, verb::renew}}));
  proposed_case house;
  house.walk({verb::decide, verb::accept, ask});

  CHECK(code(house.act(take, "decider", longer())) == "access.case.duties");
  REQUIRE(house.act(verb::propose_decision, "assessor", longer()));
  CHECK(code(house.act(take, "decider", granting())) == "access.case.proposal");
  case_actor const both{"assessor-1", "", "", {"assessor", "decider"}};
  CHECK(code(house.desk.execute({"alone", house.case_id, take, both, {}})) == "access.case.duties");
  REQUIRE(house.act(take, "decider"));
  CHECK(house.permit() == *longer().terms);
  CHECK(house.desk.rebuild_and_compare().empty());
}

TEST_CASE("A change of a permit that the assessor would refuse is not made") {
  proposed_case house;
  house.walk({verb::decide, verb::accept, verb::request_amendment});
  auto against = longer();
  against.outcome = decision_outcome::refused;
  against.grounds = {{"68(1)(b)", "Nothing new was shown."}};
  REQUIRE(house.act(verb::propose_decision, "assessor", against));

  CHECK(code(house.act(verb::amend, "decider")) == "access.case.proposal");
  house.walk({verb::refuse_amendment});
  CHECK(house.permit() == terms());
}

TEST_CASE("A proposal that only waits changes nothing of the permit") {
  proposed_case house;
  house.walk({verb::decide, verb::accept, verb::request_amendment});
  REQUIRE(house.act(verb::propose_decision, "assessor", longer()));
  CHECK(house.permit() == terms());
  CHECK(permit_book{house.db}.find("FR-2026-0001")->version == 1);
}

TEST_CASE("A permit issued by hand with other terms than were decided had one author") {
  auto settings = desk_fixture::french();
  settings.issue_on_acceptance = false;
  proposed_case house{settings};
  house.walk({verb::decide, verb::accept});

  CHECK(code(house.act(verb::issue_permit, "decider", longer())) == "access.case.proposal");
  CHECK(house.act(verb::issue_permit, "decider"));
}
