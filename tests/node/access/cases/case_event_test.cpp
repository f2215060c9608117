#include "node/access/cases/case_event.hpp"

#include "node/access/cases/case_views.hpp"
#include "node/access/cases/status.hpp"
#include "node/access/desk_fixture.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node::access;

namespace {

case_particulars everything() {
  auto what = access_samples::granting();
  what.text = "because";
  what.questions = {{"section6", "inclusionCriteria", "Which?", "FR"}};
  what.answers_json = R"({"a":1})";
  what.track = "accelerated";
  what.due = "2027-03-01";
  what.grounds = {{"68(1)(b)", "too many"}};
  what.answer_id = "a-1";
  what.application_id = "app";
  what.authority = "FR-HDAB";
  what.country = "FR";
  what.application_type = "DATA_REQUEST_APPLICATION";
  what.title = "Title";
  what.form_release = "r8";
  what.message_id = "m-1";
  what.permit_id = "FR-2026-0001/1";
  what.status = "PROCESSING";
  what.permit_status = "GRANTED";
  what.terms->queries = {{"d", "sha256:aa"}};
  what.terms->protocol = "p";
  what.terms->opt_out_exception = "none";
  what.terms->disclosure_policy = "fr";
  return what;
}

}  // namespace

TEST_CASE("The particulars of an event are read as they were written") {
  CHECK(read_case_particulars(to_json(everything())).value() == everything());
  CHECK(to_json(case_particulars{}) == "{}");
  CHECK(read_case_particulars("{").error().code == "access.json.syntax");
}

TEST_CASE("A decision that could not be read was taken for one that said nothing") {
  auto const [text, where] = GENERATE(table<std::string, std::string>({
      {R"j({"outcome":3})j", "/outcome"},
      {R"j({"outcome":null})j", "/outcome"},
      {R"j({"outcome":"Granted"})j", "/outcome"},
      {R"j({"outcome":""})j", "/outcome"},
      {R"j({"grounds":{"criterion":"68(1)(b)"}})j", "/grounds"},
      {R"j({"grounds":["68(1)(b)"]})j", "/grounds/0"},
      {R"j({"grounds":[{"criterion":"68(1)(b)","why":"x"}]})j", "/grounds/0/why"},
      {R"j({"terms":[]})j", "/terms"},
      {R"j({"terms":{"valid_until":"2028-12-31"}})j", "/terms/valid_until"},
      {R"j({"terms":{"persons":"researcher-1"}})j", "/terms/persons"},
      {R"j({"terms":{"persons":[7]}})j", "/terms/persons/0"},
      {R"j({"terms":{"queries":[{"hash":"x"}]}})j", "/terms/queries/0/hash"},
      {R"j({"questions":[{"section":6}]})j", "/questions/0/section"},
      {R"j({"text":["because"]})j", "/text"},
      {R"j({"decision":"Positive"})j", "/decision"},
      {R"j(["granted"])j", ""},
      {R"j("granted")j", ""},
  }));
  auto const read = read_case_particulars(text);
  CAPTURE(text);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == "access.case.particulars");
  CHECK(read.error().where == where);
}

TEST_CASE("An actor is read as it was written") {
  case_actor const actor{"id", "Name", "Head", {"assessor", "decider"}};
  auto const read = read_case_actor(to_json(actor)).value();

  CHECK(read.id == "id");
  CHECK(read.job_title == "Head");
  CHECK(read.has("decider"));
  CHECK_FALSE(read.has("clock"));
}

TEST_CASE("Every verb has a word of its own and a sentence") {
  for (int number = 0; number <= static_cast<int>(case_verb::expire); ++number) {
    auto const verb = static_cast<case_verb>(number);
    case_event event{
        .case_id = "c", .seq = 1, .verb = verb, .at = {}, .by = {}, .command_id = "", .what = everything()};
    CHECK(case_verb_of(to_text(verb)) == verb);
    CHECK(sentence_of(event) != to_text(verb));
  }
  CHECK_FALSE(case_verb_of("dance"));
}

TEST_CASE("Every status has the code of the specification") {
  for (int number = 0; number <= static_cast<int>(case_status::appeal_rejected); ++number) {
    auto const status = static_cast<case_status>(number);
    CHECK(case_status_of(to_code(status)) == status);
    CHECK_FALSE((is_final(status) && status == case_status::processing));
  }
  for (int number = 0; number <= static_cast<int>(permit_status::appeal_rejected); ++number) {
    auto const status = static_cast<permit_status>(number);
    CHECK(permit_status_of(to_code(status)) == status);
  }
  CHECK_FALSE(case_status_of("Approved"));
  CHECK(is_decided(case_status::negative_decision_accepted));
  CHECK_FALSE(is_decided(case_status::withdrawn));
  CHECK(is_in_force(permit_status::renewal_requested));
  CHECK_FALSE(is_in_force(permit_status::revoke_appealed));
}

TEST_CASE("Outcomes are words") {
  for (auto const* word : {"granted", "partial", "refused"}) CHECK(to_text(*decision_outcome_of(word)) == word);
  CHECK_FALSE(decision_outcome_of("maybe"));
}
