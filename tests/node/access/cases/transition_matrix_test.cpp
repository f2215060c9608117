// The transition table against its own data, exhaustively: every verb, every status of case and permit, every role.
// The data are read here a second time, naively, so that a mistake of the reader shows.
#include "node/access/cases/transition_table.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

using namespace ehds;
using namespace ehds::node::access;
using json = nlohmann::json;

namespace {

std::vector<std::string> const roles{"screener",  "assessor", "decider", "data_preparer",
                                     "applicant", "partner",  "clock",   "king"};

json const& table_text() {
  static auto const read = json::parse(std::ifstream(EHDS_SOURCE_DIR "/node/access/cases/transitions/v0.5.json"));
  return read;
}

bool has(json const& list, std::string const& word) {
  return std::ranges::any_of(list, [&](json const& one) { return one == word; });
}

bool fits(json const& line, std::string const& verb, case_state const& state) {
  if (line["verb"] != verb || !has(line["from"], std::string{to_code(state.status)})) return false;
  if (!line.contains("permitFrom")) return true;
  return has(line["permitFrom"], state.permit ? std::string{to_code(state.permit->status)} : "NONE");
}

// Every pair of case status and permit status (or none).
std::vector<case_state> all_states() {
  std::vector<case_state> all;
  for (int status = 0; status <= static_cast<int>(case_status::appeal_rejected); ++status)
    for (int permit = -1; permit <= static_cast<int>(permit_status::appeal_rejected); ++permit) {
      case_state state;
      state.case_id = "c";
      state.status = static_cast<case_status>(status);
      if (permit >= 0) state.permit.emplace().status = static_cast<permit_status>(permit);
      all.push_back(std::move(state));
    }
  return all;
}

std::vector<std::string> all_verbs() {
  std::vector<std::string> all;
  for (int verb = 0; verb <= static_cast<int>(case_verb::expire); ++verb)
    all.emplace_back(to_text(static_cast<case_verb>(verb)));
  return all;
}

struct answer {
  bool possible = false;  // from this state, for somebody
  std::set<std::string> roles;
};

answer by_data(std::string const& verb, case_state const& state) {
  for (auto const& line : table_text()["transitions"])
    if (fits(line, verb, state)) return {true, line["roles"].get<std::set<std::string>>()};
  return {};
}

std::string code_of(std::string const& verb, case_state const& state, std::vector<std::string> const& held) {
  auto const allowed = transition_table::shipped("v0.5").allow(state, case_verb_of(verb).value(), {"a", "", "", held});
  return allowed ? "allowed" : allowed.error().code;
}

}  // namespace

TEST_CASE("A deed is allowed exactly where the data say, for every verb, status, permit and role") {
  std::map<std::string, int> wrong;
  int asked = 0;
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs()) {
      auto const expected = by_data(verb, state);
      for (auto const& role : roles) {
        ++asked;
        auto const* const wanted = !expected.possible              ? "access.case.transition"
                                   : expected.roles.contains(role) ? "allowed"
                                                                   : "access.case.role";
        if (code_of(verb, state, {role}) != wanted) ++wrong[verb + " by " + role];
      }
    }

  CHECK(asked == 13 * 13 * 31 * 8);
  CHECK(wrong == std::map<std::string, int>{});
}

TEST_CASE("An actor without any role does nothing at all") {
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs())
      if (code_of(verb, state, {}) == "allowed") FAIL(verb);
  SUCCEED();
}

TEST_CASE("Two roles together allow what one of them allows and no more") {
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs()) {
      auto const expected = by_data(verb, state);
      bool const one = expected.roles.contains("screener") || expected.roles.contains("decider");
      if ((code_of(verb, state, {"screener", "decider"}) == "allowed") != one) FAIL(verb);
    }
  SUCCEED();
}

TEST_CASE("What is shown as possible is what the data allow to somebody, no more and no less") {
  for (auto const& state : all_states()) {
    auto shown = transition_table::shipped("v0.5").possible(state);
    std::ranges::sort(shown);
    std::vector<std::string> wanted;
    for (auto const& verb : all_verbs())
      if (by_data(verb, state).possible) wanted.push_back(verb);
    std::ranges::sort(wanted);
    CAPTURE(to_code(state.status));
    CHECK(shown == wanted);
  }
}

TEST_CASE("A deed is possible in one way only: no state has two lines for the same verb") {
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs()) {
      int lines = 0;
      for (auto const& line : table_text()["transitions"])
        if (fits(line, verb, state)) ++lines;
      CAPTURE(verb, to_code(state.status));
      CHECK(lines <= 1);
    }
}

TEST_CASE("A refusal for the state names where the case stands and where the deed is possible") {
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs()) {
      auto const allowed =
          transition_table::shipped("v0.5").allow(state, case_verb_of(verb).value(), {"a", "", "", roles});
      if (allowed) continue;
      auto const& why = allowed.error();
      CAPTURE(why.detail);
      CHECK(why.where == "c");
      CHECK_FALSE(why.mend.empty());
      CHECK(why.detail.find(std::string{to_code(state.status)}) != std::string::npos);
      CHECK(why.detail.find("\"" + verb + "\"") != std::string::npos);
      if (state.permit)
        CHECK(why.detail.find("permit " + std::string{to_code(state.permit->status)}) != std::string::npos);
      for (auto const& line : table_text()["transitions"])
        if (line["verb"] == verb && !line.contains("permitFrom"))
          for (auto const& from : line["from"]) CHECK(why.detail.find(from.get<std::string>()) != std::string::npos);
    }
}

TEST_CASE("A refusal for the role names the roles it is for and those the actor has") {
  for (auto const& state : all_states())
    for (auto const& verb : all_verbs()) {
      auto const expected = by_data(verb, state);
      if (!expected.possible) continue;
      auto const why =
          transition_table::shipped("v0.5").allow(state, case_verb_of(verb).value(), {"a", "", "", {"king"}}).error();
      for (auto const& role : expected.roles) CHECK(why.detail.find(role) != std::string::npos);
      CHECK(why.detail.find("this actor has king") != std::string::npos);
    }
}

TEST_CASE("No person decides alone by role: who may decide may not propose, and the clock judges nothing") {
  for (auto const& line : table_text()["transitions"]) {
    auto const verb = line["verb"].get<std::string>();
    if (verb == "propose_decision") CHECK_FALSE(has(line["roles"], "decider"));
    if (verb == "decide") CHECK(line["roles"] == json::array({"decider"}));
    if (has(line["roles"], "clock"))
      CHECK((verb == "publish" || verb == "lapse" || verb == "issue_permit" || verb == "record_answer" ||
             verb == "expire"));
    if (has(line["roles"], "applicant")) CHECK(has(line["roles"], "partner"));
  }
}

TEST_CASE("Nothing but the life of a permit moves a case whose status is final") {
  for (auto const& state : all_states()) {
    if (!is_final(state.status) || state.status == case_status::positive_decision_accepted) continue;
    CAPTURE(to_code(state.status));
    CHECK(transition_table::shipped("v0.5").possible(state).empty());
  }
}

TEST_CASE("A permit that has ended for good allows no deed any more") {
  for (auto const ended : {permit_status::expired, permit_status::appeal_rejected}) {
    case_state state;
    state.status = case_status::positive_decision_accepted;
    state.permit.emplace().status = ended;
    CAPTURE(to_code(ended));
    CHECK(transition_table::shipped("v0.5").possible(state).empty());
  }
}

TEST_CASE("Every permit in force can be revoked and expires") {
  for (int number = 0; number <= static_cast<int>(permit_status::appeal_rejected); ++number) {
    case_state state;
    state.status = case_status::positive_decision_accepted;
    state.permit.emplace().status = static_cast<permit_status>(number);
    auto const possible = transition_table::shipped("v0.5").possible(state);
    bool const in_force = is_in_force(state.permit->status);
    CAPTURE(to_code(state.permit->status));
    CHECK((std::ranges::find(possible, "revoke") != possible.end()) == in_force);
    CHECK((std::ranges::find(possible, "expire") != possible.end()) == in_force);
    CHECK((std::ranges::find(possible, "record_answer") != possible.end()) == in_force);
  }
}
