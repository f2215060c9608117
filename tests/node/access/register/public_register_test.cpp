#include "node/access/register/public_register.hpp"

#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using json = nlohmann::ordered_json;

namespace {

register_entry entry_after(std::function<void(json&)> const& change) {
  desk_fixture house;
  auto application = access_application({"FI", "FR"});
  auto form = json::parse(application.form_json);
  change(form);
  application.form_json = form.dump();
  house.arrive(application, "m-1");
  return public_register{house.db}.find(house.case_id).value();
}

}  // namespace

TEST_CASE("An application is public on reception, even before it is checked") {
  auto const entry = entry_after([](json&) {});

  CHECK(entry.status == "SUBMITTED");
  CHECK(entry.title == "Seasons and the heart");
  CHECK(entry.summary == "We ask whether winters are harder on hearts.");
  CHECK(entry.datasets == std::vector<std::string>{"Hospital stays of FR"});
  CHECK(entry.decision.empty());
}

TEST_CASE("A natural person's name is withheld") {
  auto const entry = entry_after([](json& form) {
    form["section3"]["legalOrNaturalPerson"] = "b";
    form["section3"]["naturalPersonFullName"] = "Alex Secret";
  });
  CHECK(entry.applicant == "withheld");
}

TEST_CASE("A summary that the project does not allow is withheld, and its reason is not published") {
  auto const entry = entry_after([](json& form) {
    form["section2"]["theNatureOfTheProjectDoesNotLetYouProvideASummary"] = true;
    form["section2"]["theNatureOfTheProjectDoesNotLetYouProvideASummaryReason"] = "trade secret";
  });
  CHECK(entry.summary == "withheld: the nature of the project does not allow a summary");
}

TEST_CASE("The same entry follows the case to its permit and its end") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept,
              verb::revoke});
  public_register const entries{house.db};

  REQUIRE(entries.entries().size() == 1);
  auto const entry = entries.entries()[0];
  CHECK(entry.decision == "granted");
  CHECK(entry.decided);
  CHECK(entry.permit_id == "FR-2026-0001/1");
  CHECK(entry.permit_status == "REVOKED");
  auto const feed = json::parse(entries.to_json_feed());
  CHECK(feed["entries"][0]["permit_status"] == "REVOKED");
  CHECK(feed["entries"][0]["status"] == "POSITIVE_DECISION_ACCEPTED");
}

TEST_CASE("No word of contact, payment or persons enters the register") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  auto const feed = public_register{house.db}.to_json_feed();

  for (auto const* word : {"Alex", "example.org", "123456", "R-1", "plan.pdf", "researcher-1", "Example Street"})
    CHECK(feed.find(word) == std::string::npos);
}
