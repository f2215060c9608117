// The public register holds nothing about a natural person, whatever an application says and wherever it says it.
#include "node/access/desk_fixture.hpp"
#include "node/access/register/public_register.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;
using json = nlohmann::ordered_json;
using verbs = std::vector<case_verb>;

namespace {

verbs const to_decision{verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide};

// Puts a mark into every text of a section, so that any that gets out is seen.
void mark(json& node, std::string const& where) {
  if (node.is_string()) node = "MARK " + where;
  if (!node.is_structured()) return;
  for (auto const& [key, child] : node.items())
    if (key != "key") mark(child, where + "/" + key);
}

struct public_desk : desk_fixture {
  public_register entries{db};

  json entry() const { return json::parse(entries.to_json_feed())["entries"][0]; }
};

json entry_of(json const& form, application_type type = application_type::data_access) {
  public_desk house;
  auto application = type == application_type::data_access ? access_application({"FR"}) : request_application({"FR"});
  application.form_json = form.dump();
  house.arrive(application, "m-1");
  return house.entry();
}

}  // namespace

TEST_CASE("No text of any section leaves but the summary, the purposes and a legal person's name") {
  auto const type = GENERATE(application_type::data_access, application_type::data_request);
  auto form = json::parse(type == application_type::data_access ? access_form({"FR"}) : request_form({"FR"}));
  for (auto const& [section, answers] : form.items()) mark(answers, section);
  auto const text = entry_of(form, type).dump();

  std::vector<std::string> seen;
  for (auto at = text.find("MARK "); at != std::string::npos; at = text.find("MARK ", at + 1))
    seen.push_back(text.substr(at + 5, text.find('"', at) - at - 5));
  std::ranges::sort(seen);
  CHECK(seen == std::vector<std::string>{"section2/summaryOfTheProject", "section3/legalPersonFullName"});
}

TEST_CASE("The applicant is named only as a legal person that says so, in either shape of the answer") {
  auto const with = [](json const& answer, json const& name) {
    auto form = json::parse(access_form({"FR"}));
    form["section3"]["legalOrNaturalPerson"] = answer;
    form["section3"]["legalPersonFullName"] = name;
    form["section3"]["naturalPersonFullName"] = "Alex Secret";
    return entry_of(form)["applicant"];
  };

  CHECK(with("a", "University") == "University");
  CHECK(with({{"key", "a"}, {"value", "Legal"}}, "University") == "University");
  CHECK(with("b", "University") == "withheld");
  CHECK(with({{"key", "b"}}, "Alex Secret") == "withheld");
  CHECK(with(nullptr, "University") == "withheld");
  CHECK(with("A", "University") == "withheld");
  CHECK(with(json::array({"a"}), "University") == "withheld");
  CHECK(with(false, "University") == "withheld");
  CHECK(with("a", "") == "withheld");
  CHECK(with("a", {{"value", "Alex"}}) == "withheld");
}

TEST_CASE("A section that is missing or of another kind leaves a gap, not an entry that is missing") {
  for (auto const* section : {"section2", "section3"})
    for (json const& value : {json(nullptr), json("text"), json::array(), json(7)}) {
      auto form = json::parse(access_form({"FR"}));
      form[section] = value;
      auto const entry = entry_of(form);
      CAPTURE(section, value.dump());
      CHECK(entry["title"] == "Seasons and the heart");
      CHECK(entry["status"] == "SUBMITTED");
      CHECK(entry["datasets"].size() == 1);
    }
}

TEST_CASE("Purposes are published as the law words them, not as the applicant wrote them") {
  auto form = json::parse(access_form({"FR"}));
  form["section2"]["purposeForWhichDataWillBeUsed"] =
      json::array({{{"key", "e"}, {"value", "for Alex Secret"}}, "a", {{"key", "zz"}, {"value", "x"}}});
  auto const purposes = entry_of(form)["purposes"];

  REQUIRE(purposes.size() == 3);
  CHECK(purposes[0].get<std::string>().starts_with("(e) "));
  CHECK(purposes[1].get<std::string>().starts_with("(a) "));
  CHECK(purposes[2] == "(zz)");
  CHECK(purposes.dump().find("Alex") == std::string::npos);
}

TEST_CASE("A decision is published with its grounds and without who took it, an appeal keeps it there") {
  public_desk house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  CHECK_FALSE(house.entry().contains("decision"));
  REQUIRE(house.act(verb::propose_decision, "assessor", refusing()));
  CHECK_FALSE(house.entry().contains("decision"));  // a proposal is nobody's business yet
  house.walk({verb::decide});
  auto const decided = house.entry();
  CHECK(decided["decision"] == "refused");
  CHECK(decided["grounds"][0]["criterion"] == "68(1)(b)");
  CHECK(decided["decided"] == "2026-11-24T09:00:00.000Z");
  CHECK(decided.dump().find("Officer") == std::string::npos);
  CHECK(decided.dump().find("decider") == std::string::npos);

  house.walk({verb::appeal});
  CHECK(house.entry()["status"] == "NEGATIVE_DECISION_APPEALED");
  CHECK(house.entry()["decision"] == "refused");
  house.walk({verb::approve_appeal, verb::reopen});
  CHECK_FALSE(house.entry().contains("decision"));
}

TEST_CASE("A permit is published by its number, its status and its last day, never with its persons or its fees") {
  public_desk house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk(to_decision);
  house.walk({verb::accept, verb::request_renewal});
  auto longer = granting();
  longer.terms->valid_to = "2030-12-31";
  REQUIRE(house.act(verb::propose_decision, "assessor", longer));
  house.walk({verb::renew});
  auto const entry = house.entry();

  CHECK(entry["permit_id"] == "FR-2026-0001/2");
  CHECK(entry["permit_status"] == "RENEWED");
  CHECK(entry["valid_to"] == "2030-12-31");
  for (auto const* word : {"researcher-1", "1200 EUR", "national platform", "Results are published"})
    CHECK(entry.dump().find(word) == std::string::npos);
}

TEST_CASE("New answers change the entry, and what they now withhold is gone from it") {
  public_desk house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  CHECK(house.entry()["summary"] == "We ask whether winters are harder on hearts.");
  house.walk({verb::start_pre_screening, verb::ask_information});
  auto form = json::parse(application.form_json);
  form["section2"]["theNatureOfTheProjectDoesNotLetYouProvideASummary"] = true;
  json const content = {{"application_id", application.application_id}, {"form", {{"section2", form["section2"]}}}};
  CHECK(house.take("additionalInformation", content.dump(), "m-2").empty());

  CHECK(house.entry().dump().find("winters") == std::string::npos);
  CHECK(house.entry()["summary"].get<std::string>().starts_with("withheld"));
}

TEST_CASE("The register lists the newest change first, and each case once") {
  public_desk house;
  for (auto const* id : {"a", "b", "c"}) {
    auto application = access_application({"FR"});
    application.application_id = id;
    house.arrive(application, "m-" + std::string{id});
    house.days_pass(1);
  }
  house.case_id = "a.FR-HDAB";
  house.walk({verb::start_pre_screening});
  std::string order;
  for (auto const& entry : house.entries.entries()) order += entry.application_id;

  CHECK(order == "acb");
  CHECK(house.entries.entries(2).size() == 2);
  CHECK_FALSE(house.entries.find("none"));
  CHECK(house.entries.find("b.FR-HDAB")->received < house.entries.find("c.FR-HDAB")->received);
}
