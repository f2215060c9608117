#include "node/access/archive/application_archive.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using nlohmann::ordered_json;

namespace {

std::string codes(problems const& found) {
  std::string text;
  for (auto const& finding : found) text += (text.empty() ? "" : " ") + finding.code;
  return text;
}

}  // namespace

TEST_CASE("A message that the desk cannot use is answered with findings and changes nothing") {
  desk_fixture house;
  auto const metadata = write_application_metadata(access_application({"FR"}));

  CHECK(codes(house.take("dataAccessApplication", "{", "1")) == "access.json.syntax");
  CHECK(codes(house.take("dataAccessApplication", "{}", "2")) == "access.metadata.missing");
  CHECK(codes(house.take("dataRequestApplication", metadata, "3", plan_zip())) == "access.arrival.type");
  CHECK(codes(house.take("dataAccessApplication", metadata, "4")) == "access.attachment.missing");
  CHECK(codes(house.take("dataAccessApplication", metadata, "5", "no zip")) == "access.zip.syntax");
  CHECK(codes(house.arrive(access_application({"FI"}), "6")) == "access.arrival.not_ours");
  CHECK(codes(house.take("createDataset", "{}", "7")) == "access.arrival.action");
  CHECK(codes(house.take("withdrawal", R"({"application_id":"x"})", "8")) == "access.arrival.unknown");
  CHECK(codes(house.take("additionalInformation", R"({"application_id":"x"})", "9")) == "access.arrival.unknown");
  CHECK(codes(house.take("decisionResponse", R"({"response":"maybe"})", "10")) == "access.arrival.response");
  CHECK(codes(house.take("decisionResponse", "[", "11")) == "access.json.syntax");
  CHECK(codes(house.take("withdrawal", "[", "12")) == "access.json.syntax");
  CHECK(codes(house.take("statusUpdate", "[", "13")) == "access.json.syntax");
  CHECK(house.desk.cases().empty());
  CHECK(house.posted.empty());
}

TEST_CASE("A neighbour cannot speak for the applicant") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  problems found;
  REQUIRE(house.db.commit([&](node::store::transaction& tx) -> result<void> {
    found = house.desk
                .receive(tx, {.message_id = "m-2",
                              .action = "withdrawal",
                              .from_nation = "DK",
                              .original_message_id = "",
                              .content_json = R"({"application_id":")" + application.application_id + R"("})",
                              .attachments_zip = "",
                              .received_at = house.time.now()})
                .value();
    return {};
  }));

  CHECK(codes(found) == "access.arrival.sender");
  CHECK(house.status() == "SUBMITTED");
}

TEST_CASE("An incomplete application is received all the same; the screening shows all that is missing") {
  desk_fixture house;
  auto application = access_application({"FR"});
  application.form_json = "{}";
  application.attachments.clear();

  CHECK(house.arrive(application, "m-1").empty());
  CHECK(house.desk.find(house.case_id)->findings.size() > 30);
}

TEST_CASE("An application for two authorities of the country opens a case for each") {
  desk_fixture house{{.country = "FR",
                      .authorities = {{"FR-HDAB", "FR authority"}, {"FR-REGION", "Regional authority"}},
                      .centre = "EU",
                      .specification = "v0.5",
                      .issue_on_acceptance = true}};
  auto application = access_application({"FR"});
  application.datasets.push_back(dataset("second", "FR"));
  application.datasets.back().authority = "Regional authority";
  application.datasets.push_back(dataset("third", "FR"));
  application.datasets.back().authority = "nobody we know";

  CHECK(house.arrive(application, "m-1").empty());
  CHECK(house.desk.cases_of(application.application_id) ==
        std::vector<std::string>{application.application_id + ".FR-HDAB", application.application_id + ".FR-REGION"});
  CHECK(house.posted_actions() == "applicationAck applicationAck");
}

TEST_CASE("Information that nobody asked for is refused and kept out of the copy") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  auto const content = R"({"application_id":")" + application.application_id + R"(","form":{"section9":{}}})";

  CHECK(codes(house.take("additionalInformation", content, "m-2")) == "access.arrival.not_asked");
  CHECK(ordered_json::parse(*house.desk.application_metadata(application.application_id))["version"] == 1);
}

TEST_CASE("Information that was asked for makes a new version of the copy") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information});
  auto const content =
      R"({"application_id":")" + application.application_id + R"(","form":{"section9":{"additionalInformation":"x"}}})";

  CHECK(house.take("additionalInformation", content, "m-2").empty());
  auto const copy = ordered_json::parse(*house.desk.application_metadata(application.application_id));
  CHECK(copy["version"] == 2);
  CHECK(copy["form"]["section9"]["additionalInformation"] == "x");
  CHECK(copy["form"].contains("section2"));
  CHECK(house.desk.attachments_zip(application.application_id) == plan_zip());
}

TEST_CASE("An answer to the decision moves the case once, however often it arrives") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide});
  auto const content = R"({"application_id":")" + application.application_id + R"(","response":"accept"})";

  CHECK(house.take("decisionResponse", content, "m-2").empty());
  CHECK(house.take("decisionResponse", content, "m-2").empty());
  CHECK(codes(house.take("decisionResponse", content, "m-3")) == "access.case.transition");
  CHECK(house.desk.find(house.case_id)->line.permit_id == "FR-2026-0001/1");
}

TEST_CASE("What a stranger brings goes through the same door") {
  desk_fixture house;
  auto const metadata = write_application_metadata(access_application({"FR"}));

  CHECK(house.desk.bring(write_brought({metadata, plan_zip()})).value().empty());
  CHECK(house.desk.cases().size() == 1);
  CHECK(codes(house.desk.bring("no zip").value()) == "access.zip.syntax");
  CHECK(codes(house.desk.bring(write_zip({{"a.json", "{}"}})).value()) == "access.bring.metadata");
  auto other = access_application({"FI"});
  other.application_id = "other";
  CHECK(codes(house.desk.bring(write_brought({write_application_metadata(other), plan_zip()})).value()) ==
        "access.arrival.not_ours");
}
