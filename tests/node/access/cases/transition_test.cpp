#include "node/access/cases/transition_table.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;

namespace {

constexpr int verb_count = static_cast<int>(case_verb::expire) + 1;

transition_table const& table() { return transition_table::shipped("v0.5"); }

case_actor everybody() {
  return {"e", "", "", {"screener", "assessor", "decider", "data_preparer", "applicant", "partner", "clock"}};
}

}  // namespace

TEST_CASE("Every status is reachable from the table and every verb but the first is in it") {
  std::set<std::string> possible;
  for (int status = 0; status <= static_cast<int>(case_status::appeal_rejected); ++status) {
    case_state state;
    state.status = static_cast<case_status>(status);
    for (auto const& verb : table().possible(state)) possible.insert(verb);
    for (int permit = 0; permit <= static_cast<int>(permit_status::appeal_rejected); ++permit) {
      state.permit.emplace().status = static_cast<permit_status>(permit);
      for (auto const& verb : table().possible(state)) possible.insert(verb);
    }
  }
  CHECK(possible.size() == verb_count - 1);
}

TEST_CASE("A forbidden transition is refused with a sentence that says from where it is possible") {
  case_state state;
  state.case_id = "c";
  auto const refused = table().allow(state, case_verb::accept, everybody());

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "access.case.transition");
  CHECK(refused.error().detail ==
        "The case is SUBMITTED; \"accept\" is possible from POSITIVE_DECISION_ISSUED or NEGATIVE_DECISION_ISSUED.");
}

TEST_CASE("A deed of another role is refused with a sentence") {
  case_state state;
  auto const refused = table().allow(state, case_verb::start_pre_screening, {"a", "", "", {"applicant"}});

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "access.case.role");
  CHECK(refused.error().detail ==
        "\"start_pre_screening\" is for the role screener or assessor; this actor has applicant.");
}

TEST_CASE("What the table does not allow is refused from every status, in words, for every verb") {
  for (int status = 0; status <= static_cast<int>(case_status::appeal_rejected); ++status) {
    case_state state;
    state.status = static_cast<case_status>(status);
    auto const possible = table().possible(state);
    for (int number = 0; number < verb_count; ++number) {
      auto const verb = static_cast<case_verb>(number);
      auto const allowed = table().allow(state, verb, everybody());
      bool const listed = std::ranges::find(possible, to_text(verb)) != possible.end();
      CAPTURE(to_code(state.status), to_text(verb));
      CHECK(allowed.has_value() == listed);
      if (!allowed) CHECK(allowed.error().detail.starts_with("The case is "));
    }
  }
}

TEST_CASE("A transition table with an unknown word is refused with its line") {
  auto const bad = GENERATE(R"({"transitions":[{"verb":"dance","to":"="}]})",
                            R"({"transitions":[{"verb":"publish","from":["NOWHERE"],"to":"="}]})",
                            R"({"transitions":[{"verb":"publish","to":"NOWHERE"}]})",
                            R"({"transitions":[{"verb":"amend","to":"=","permitFrom":["X"]}]})");
  CHECK(transition_table::read(bad).error().where == "transition 1");
  CHECK_THROWS_AS(transition_table::shipped("v9"), std::out_of_range);
}

// Random walks: whatever is possible is tried by the right role; the tables always equal the fold of the events.
TEST_CASE("After any sequence of deeds the stored state equals the one rebuilt from the events") {
  auto const seed = GENERATE(range(1U, 13U));
  std::mt19937 chance{seed};
  desk_fixture house;
  house.arrive(seed % 3 == 0 ? request_application({"FR"}) : access_application({"FR"}), "m-1");
  int done = 0;
  for (int step = 0; step < 40; ++step) {
    auto const possible = house.desk.find(house.case_id)->possible;
    if (possible.empty()) break;
    auto const verb = case_verb_of(possible[chance() % possible.size()]).value();
    if (verb == case_verb::withdraw && chance() % 8 != 0) continue;  // else most walks end early
    auto what = particulars_for(verb);
    if (verb == case_verb::propose_decision && chance() % 4 == 0) what = refusing();
    house.days_pass(static_cast<int>(chance() % 12));
    if (house.act(verb, role_for(verb), what)) ++done;
    CAPTURE(seed, to_text(verb));
    REQUIRE(house.desk.rebuild_and_compare().empty());
    house.desk.tick().value();
    REQUIRE(house.desk.rebuild_and_compare().empty());
  }
  CHECK(done > 0);
}
