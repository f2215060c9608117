// What a deed needs besides a fitting status and role: particulars, two people, periods, limits of the law.
#include "node/access/cases/case_desk.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using verbs = std::vector<case_verb>;

namespace {

std::string said(result<command_outcome> const& done) {
  return done ? "done" : done.error().code + " at " + done.error().where;
}

verbs const to_processing{verb::start_pre_screening, verb::mark_complete};
verbs const to_permit{verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide,
                      verb::accept};

struct case_at : desk_fixture {
  explicit case_at(verbs const& steps, application_document const& application = access_application({"FR"})) {
    arrive(application, "m-1");
    walk(steps);
  }
  result<command_outcome> by(std::string const& person, verb what, std::string const& role,
                             case_particulars particulars = {}) {
    return desk.execute({.id = person + std::to_string(++deeds_),
                         .case_id = case_id,
                         .verb = what,
                         .by = {person, person, "", {role}},
                         .what = std::move(particulars)});
  }

 private:
  int deeds_ = 0;
};

case_particulars granting_until(std::string const& from, std::string const& to) {
  auto what = granting();
  what.terms->valid_from = from;
  what.terms->valid_to = to;
  return what;
}

}  // namespace

TEST_CASE("A deed that lacks what it needs is refused with the name of what is missing, and nothing happens") {
  struct row {
    verbs before;
    verb what;
    std::string missing;
  };
  auto with = [](verbs steps, verbs const& more) {
    steps.insert(steps.end(), more.begin(), more.end());
    return steps;
  };
  auto const one = GENERATE_COPY(values<row>({
      {{verb::start_pre_screening}, verb::ask_information, "questions"},
      {{verb::start_pre_screening}, verb::set_track, "track"},
      {to_processing, verb::extend, "text"},
      {to_processing, verb::propose_decision, "outcome"},
      {to_permit, verb::request_amendment, "text"},
      {to_permit, verb::request_renewal, "text"},
      {to_permit, verb::revoke, "grounds"},
      {to_permit, verb::record_answer, "answer_id"},
      {with(to_permit, {verb::request_amendment}), verb::propose_decision, "outcome"},
      {with(to_permit, {verb::request_amendment}), verb::refuse_amendment, "text"},
      {with(to_permit, {verb::request_renewal}), verb::propose_decision, "outcome"},
      {with(to_permit, {verb::request_renewal}), verb::refuse_renewal, "text"},
      {with(to_permit, {verb::revoke}), verb::appeal_revocation, "text"},
      {with(to_permit, {verb::revoke, verb::appeal_revocation}), verb::approve_revocation_appeal, "text"},
      {with(to_permit, {verb::revoke, verb::appeal_revocation}), verb::reject_revocation_appeal, "text"},
  }));
  case_at house{one.before};
  auto const events = house.desk.find(house.case_id)->timeline.size();
  auto const posted = house.posted.size();

  auto const refused = house.act(one.what, role_for(one.what));

  CAPTURE(to_text(one.what));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "access.case.particulars");
  CHECK(refused.error().where == one.missing);
  CHECK(house.desk.find(house.case_id)->timeline.size() == events);
  CHECK(house.posted.size() == posted);
}

TEST_CASE("A question names a field of the form and says something") {
  case_at house{{verb::start_pre_screening}};
  auto const asking = [&](field_question question) {
    case_particulars what;
    what.questions = {{"section6", "inclusionCriteria", "Which codes?", "FR"}, std::move(question)};
    return said(house.act(verb::ask_information, "screener", what));
  };

  CHECK(asking({"section6", "noSuchField", "What?", "FR"}) == "access.case.particulars at section6/noSuchField");
  CHECK(asking({"section99", "inclusionCriteria", "What?", "FR"}) ==
        "access.case.particulars at section99/inclusionCriteria");
  CHECK(asking({"section6", "inclusionCriteria", "", "FR"}) == "access.case.particulars at section6/inclusionCriteria");
  CHECK(asking({"section2", "summaryOfTheProject", "Say more.", ""}) == "done");
}

TEST_CASE("A track is one of three words") {
  case_at house{{verb::start_pre_screening}};
  auto const choosing = [&](std::string const& track) {
    auto what = saying("as the law asks");
    what.track = track;
    return code(house.act(verb::set_track, "assessor", what));
  };

  CHECK(choosing("fast") == "access.case.particulars");
  CHECK(choosing("Accelerated") == "access.case.particulars");
  for (auto const* track : {"accelerated", "trusted_holder", "standard"}) CHECK(choosing(track) == "done");
}

TEST_CASE("A permit lasts from a day to a later one, ten years at most") {
  auto const row = GENERATE(table<char const*, char const*, char const*>(
      {{"2027-01-01", "2037-01-01", "done"},
       {"2027-01-01", "2037-01-02", "access.case.particulars at terms/valid_to"},
       {"2028-02-29", "2038-02-28", "done"},
       {"2028-02-29", "2038-03-01", "access.case.particulars at terms/valid_to"},
       {"2027-01-01", "2027-01-01", "done"},
       {"2027-01-02", "2027-01-01", "access.case.particulars at terms/valid_to"},
       {"", "2027-01-01", "access.case.particulars at terms/valid_to"},
       {"2027-01-01", "", "access.case.particulars at terms/valid_to"},
       {"2027-02-29", "2028-01-01", "access.case.particulars at terms/valid_to"},
       {"01/01/2027", "2028-01-01", "access.case.particulars at terms/valid_to"}}));
  case_at house{to_processing};

  CAPTURE(std::get<0>(row), std::get<1>(row));
  CHECK(said(house.act(verb::propose_decision, "assessor", granting_until(std::get<0>(row), std::get<1>(row)))) ==
        std::get<2>(row));
}

TEST_CASE("A refusal in whole or in part states its grounds, a grant its terms") {
  case_at house{to_processing};
  auto const proposing = [&](decision_outcome outcome, bool grounds, bool with_terms) {
    case_particulars what;
    what.outcome = outcome;
    if (grounds) what.grounds = {{"68(1)(b)", "too many"}};
    if (with_terms) what.terms = terms();
    return said(house.act(verb::propose_decision, "assessor", what));
  };

  CHECK(proposing(decision_outcome::refused, false, false) == "access.case.particulars at grounds");
  CHECK(proposing(decision_outcome::partial, false, true) == "access.case.particulars at grounds");
  CHECK(proposing(decision_outcome::partial, true, false) == "access.case.particulars at terms");
  CHECK(proposing(decision_outcome::granted, false, false) == "access.case.particulars at terms");
  CHECK(proposing(decision_outcome::refused, true, false) == "done");
  CHECK(proposing(decision_outcome::partial, true, true) == "done");
  CHECK(proposing(decision_outcome::granted, false, true) == "done");
}

TEST_CASE("A decision takes two people, even when one person holds both roles") {
  case_at house{to_processing};

  CHECK(code(house.by("anna", verb::decide, "decider")) == "access.case.duties");
  REQUIRE(house.by("anna", verb::propose_decision, "assessor", granting()));
  CHECK(code(house.by("anna", verb::decide, "decider")) == "access.case.duties");
  CHECK(code(house.by("anna", verb::decide, "decider", granting())) == "access.case.duties");
  // Who proposed anew is the one who proposed.
  REQUIRE(house.by("bo", verb::propose_decision, "assessor", granting()));
  CHECK(code(house.by("bo", verb::decide, "decider")) == "access.case.duties");
  CHECK(code(house.by("anna", verb::decide, "decider")) == "done");
}

TEST_CASE("A case that was reopened needs a new proposal and a new decision") {
  case_at house{to_processing};
  REQUIRE(house.act(verb::propose_decision, "assessor", refusing()));
  house.walk({verb::decide, verb::appeal, verb::approve_appeal, verb::reopen});

  CHECK(house.status() == "PROCESSING");
  CHECK_FALSE(house.desk.find(house.case_id)->state.decision);
  CHECK(code(house.act(verb::decide, "decider")) == "access.case.duties");
  house.walk({verb::propose_decision, verb::decide});
  CHECK(house.status() == "POSITIVE_DECISION_ISSUED");
}

TEST_CASE("Each track is extended as often as its rule says") {
  auto const row = GENERATE(table<char const*, int>({{"standard", 1}, {"accelerated", 1}, {"trusted_holder", 0}}));
  case_at house{{verb::start_pre_screening}};
  auto track = saying("as the law asks");
  track.track = std::get<0>(row);
  REQUIRE(house.act(verb::set_track, "assessor", track));
  house.walk({verb::mark_complete});
  int extended = 0;
  while (extended < 5 && house.act(verb::extend, "assessor", saying("complex"))) ++extended;

  CAPTURE(std::get<0>(row));
  CHECK(extended == std::get<1>(row));
  CHECK(code(house.act(verb::extend, "assessor", saying("complex"))) == "access.case.once");
}

TEST_CASE("A change of track does not give the extension back") {
  case_at house{to_processing};
  REQUIRE(house.act(verb::extend, "assessor", saying("complex")));
  REQUIRE(house.act(verb::set_track, "assessor", particulars_for(verb::set_track)));

  CHECK(code(house.act(verb::extend, "assessor", saying("complex"))) == "access.case.once");
}

TEST_CASE("A case lapses the day after the applicant's last day and not before") {
  struct row {
    verbs steps;
    std::string last_day;
    std::string status;
  };
  // 2026-11-24 is a Tuesday.
  auto const one = GENERATE(values<row>({
      {{verb::start_pre_screening, verb::ask_information}, "2026-12-22", "WITHDRAWN"},
      {{verb::start_pre_screening, verb::mark_complete, verb::ask_information}, "2026-12-08", "WITHDRAWN"},
      {{verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide},
       "2026-12-22",
       "WITHDRAWN"},
  }));
  case_at house{one.steps};
  auto const before = house.status();
  auto const last = parse_rfc3339(one.last_day + "T23:59:59.999Z").value();

  house.time.set(last);
  CHECK(house.desk.tick().value() == 0);
  CHECK(code(house.act(verb::lapse, "clock")) == "access.case.too_early");
  CHECK(house.status() == before);
  house.time.set(last + std::chrono::milliseconds{1});
  CHECK(house.desk.tick().value() == 1);
  CHECK(house.status() == one.status);
  CHECK(house.desk.find(house.case_id)->line.sub_state == "no answer in time");
  CHECK(house.desk.tick().value() == 0);
}

TEST_CASE("Silence after a refusal accepts it") {
  case_at house{to_processing};
  REQUIRE(house.act(verb::propose_decision, "assessor", refusing()));
  house.walk({verb::decide});
  house.days_pass(29);

  CHECK(house.desk.tick().value() == 1);
  CHECK(house.status() == "NEGATIVE_DECISION_ACCEPTED");
}

TEST_CASE("A permit says what was decided: who issues it can send the same terms or none, and no others") {
  auto settings = desk_fixture::french();
  settings.issue_on_acceptance = false;
  desk_fixture house{settings};
  house.arrive(access_application({"FR"}), "m-1");
  house.walk(to_permit);
  auto wider = granting();
  wider.terms->datasets = {"dataset-FR", "everything else"};
  wider.terms->valid_to = "2036-12-31";

  CHECK(code(house.act(verb::issue_permit, "decider", wider)) == "access.case.proposal");
  CHECK_FALSE(house.desk.find(house.case_id)->state.permit);
  REQUIRE(house.act(verb::issue_permit, "decider", granting()));
  CHECK(house.desk.find(house.case_id)->state.permit->terms == terms());
}

TEST_CASE("Terms that an applicant sends with a request are a wish and change no permit") {
  auto const asked = GENERATE(verb::request_amendment, verb::request_renewal);
  case_at house{to_permit};
  auto wish = saying("longer, please");
  wish.terms = terms();
  wish.terms->valid_to = "2036-12-31";

  REQUIRE(house.act(asked, "applicant", wish));
  CHECK(house.desk.find(house.case_id)->state.permit->terms == terms());
  house.time.set(parse_rfc3339("2029-01-01T00:00:00Z").value());
  CHECK(house.desk.tick().value() == 1);
  CHECK(house.desk.find(house.case_id)->line.permit_status == "EXPIRED");
}

TEST_CASE("What the desk itself fills in cannot be sent with a command") {
  case_at house{{}};
  case_particulars what;
  what.status = "POSITIVE_DECISION_ACCEPTED";
  what.permit_status = "GRANTED";
  what.permit_id = "FR-2026-9999/1";

  REQUIRE(house.act(verb::start_pre_screening, "screener", what));
  auto const page = house.desk.find(house.case_id).value();
  CHECK(page.line.status == "PRE_SCREENING");
  CHECK(page.line.permit_id.empty());
  CHECK_FALSE(page.state.permit);
}

TEST_CASE("A command key does one thing once, for one person, on one case") {
  case_at house{{}};
  case_command const first{.id = "k",
                           .case_id = house.case_id,
                           .verb = verb::start_pre_screening,
                           .by = {"anna", "Anna", "", {"screener"}},
                           .what = {}};
  REQUIRE(house.desk.execute(first));
  auto const again = house.desk.execute(first).value();
  CHECK(again.repeated);
  CHECK(again.status == "PRE_SCREENING");

  auto other_person = first;
  other_person.by.id = "bo";
  CHECK(house.desk.execute(other_person).error().code == "access.command.reused");
  auto other_verb = first;
  other_verb.verb = verb::mark_complete;
  CHECK(house.desk.execute(other_verb).error().code == "access.command.reused");
  auto other_words = first;
  other_words.what.text = "x";
  CHECK(house.desk.execute(other_words).error().code == "access.command.reused");
  auto other_case = first;
  other_case.case_id = "none";
  CHECK(house.desk.execute(other_case).error().code == "access.case.unknown");
  CHECK(house.status() == "PRE_SCREENING");
}

TEST_CASE("A command that was refused may be sent again under the same key") {
  case_at house{{}};
  case_command const command{.id = "k",
                             .case_id = house.case_id,
                             .verb = verb::mark_complete,
                             .by = {"anna", "Anna", "", {"screener"}},
                             .what = {}};
  CHECK(house.desk.execute(command).error().code == "access.case.transition");
  house.walk({verb::start_pre_screening});

  CHECK_FALSE(house.desk.execute(command).value().repeated);
}
