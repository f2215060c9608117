#include "node/access/forms/form_check.hpp"

#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using json = nlohmann::ordered_json;

namespace {

form_definition const& access_form() { return *shipped_form("r8", application_type::data_access); }

date today() { return parse_date("2026-11-22").value(); }

std::string findings(problems const& found) {
  std::string text;
  for (auto const& finding : found) text += finding.code + " " + finding.where + "\n";
  return text;
}

// The complete application after one change.
problems after(std::function<void(json&)> const& change) {
  auto application = access_samples::access_application({"FI", "FR"});
  auto form = json::parse(application.form_json);
  change(form);
  application.form_json = form.dump();
  return check_complete(access_form(), application, today());
}

}  // namespace

TEST_CASE("Complete applications of both kinds have no findings") {
  CHECK(findings(check_complete(access_form(), access_samples::access_application({"FI", "FR"}), today())).empty());
  CHECK(findings(check_complete(*shipped_form("r8", application_type::data_request),
                                access_samples::request_application({"DK"}), today()))
            .empty());
}

TEST_CASE("An empty form is answered with all findings in one list") {
  auto application = access_samples::access_application({"FR"});
  application.form_json = "{}";
  auto const found = check_complete(access_form(), application, today());

  CHECK(found.size() > 30);
  auto const text = findings(found);
  CHECK(text.find("access.form.missing /form/section2/projectName\n") != std::string::npos);
  CHECK(text.find("access.form.missing /form/section8/peopleWhoWillBeProcessingTheData\n") != std::string::npos);
  CHECK(text.find("access.form.countries /form/section6\n") != std::string::npos);
}

TEST_CASE("A finding names the article that asks and how to mend it") {
  auto const found = after([](json& form) { form["section8"].erase("descriptionOfSafeguards"); });

  REQUIRE(found.size() == 1);
  CHECK(found[0].detail.find("(Art. 67(2)(g))") != std::string::npos);
  CHECK(found[0].mend == "Answer it.");
}

TEST_CASE("Each wrong answer is found at its place") {
  struct wrong {
    char const* finding;
    std::function<void(json&)> change;
  };
  auto const row = GENERATE(values<wrong>({
      {"access.form.too_long /form/section2/projectName",
       [](json& f) { f["section2"]["projectName"] = std::string(501, 'x'); }},
      {"access.form.too_many_words /form/section2/summaryOfTheProject",
       [](json& f) {
         std::string text;
         for (int i = 0; i < 251; ++i) text += "word ";
         f["section2"]["summaryOfTheProject"] = text;
       }},
      {"access.form.country /form/section2/countryOfProjectLeader",
       [](json& f) { f["section2"]["countryOfProjectLeader"] = "France"; }},
      {"access.form.choice /form/section2/purposeForWhichDataWillBeUsed/1",
       [](json& f) { f["section2"]["purposeForWhichDataWillBeUsed"].push_back("z"); }},
      {"access.form.type /form/section3/contactPersonEmail",
       [](json& f) { f["section3"]["contactPersonEmail"] = "nobody"; }},
      {"access.form.type /form/section3/contactPersonPhone",
       [](json& f) { f["section3"]["contactPersonPhone"] = json{{"number", "call me"}}; }},
      {"access.form.missing /form/section2/projectLeader", [](json& f) { f["section2"]["projectLeader"] = " \n"; }},
      {"access.form.type /form/section8/protectionAndSecurityStatementsA",
       [](json& f) { f["section8"]["protectionAndSecurityStatementsA"] = 1; }},
      {"access.form.dates /form/section8/estimatedEndDateOfProcessing",
       [](json& f) {
         f["section8"]["estimatedStartDateOfProcessing"] = "2026-11-01";
         f["section8"]["estimatedEndDateOfProcessing"] = "2026-11-22";
       }},
      {"access.form.type /form/section6/1/sizeOfTheStudyCohort",
       [](json& f) { f["section6"][1]["sizeOfTheStudyCohort"] = "many"; }},
      {"access.form.missing /form/section6/0/inclusionCriteria",
       [](json& f) { f["section6"][0]["inclusionCriteria"] = ""; }},
      {"access.form.missing /form/section5/legalBasis\naccess.form.missing "
       "/form/section5/linkToTheSupportingLegalBasis",
       [](json& f) { f["section2"]["purposeForWhichDataWillBeUsed"].push_back("b"); }},
      {"access.form.missing /form/section6/0/whyNeedDataOfaWholePopulation",
       [](json& f) { f["section6"][0]["howIsTheStudyCohortFormed"] = "d"; }},
      {"access.form.missing /form/section8/optOutJustification",
       [](json& f) { f["section8"]["optOutOfTheMechanismProvidedInTheNationalLaw"] = "a"; }},
      {"access.form.missing /form/section8/protectionAndSecurityStatementsE",
       [](json& f) { f["section8"]["protectionAndSecurityStatementsE"] = false; }},
      {"access.form.missing /form/section8/peopleWhoWillBeProcessingTheData/0/email",
       [](json& f) { f["section8"]["peopleWhoWillBeProcessingTheData"][0].erase("email"); }},
      {"access.form.dates /form/section8/estimatedEndDateOfProcessing",
       [](json& f) { f["section8"]["estimatedEndDateOfProcessing"] = "2027-01-01"; }},
      {"access.form.type /form/section8/estimatedStartDateOfProcessing",
       [](json& f) { f["section8"]["estimatedStartDateOfProcessing"] = "1 June"; }},
      {"access.form.missing /form/section2/summaryOfTheProject",
       [](json& f) { f["section2"].erase("summaryOfTheProject"); }},
      {"access.form.missing /form/section2/theNatureOfTheProjectDoesNotLetYouProvideASummaryReason",
       [](json& f) { f["section2"]["theNatureOfTheProjectDoesNotLetYouProvideASummary"] = true; }},
      {"access.form.type /form/section5/summaryOfResearchPlan",
       [](json& f) { f["section5"]["summaryOfResearchPlan"] = json::array({"plan.pdf"}); }},
      {"access.form.countries /form/section6", [](json& f) { f["section6"].erase(1); }},
  }));
  CHECK(findings(after(row.change)) == std::string{row.finding} + "\n");
}

TEST_CASE("Lengths are counted in characters, not in bytes") {
  std::string accents;
  for (int i = 0; i < 500; ++i) accents += "é";

  CHECK(after([&](json& form) { form["section2"]["projectName"] = accents; }).empty());
}

TEST_CASE("A field that the form does not know is tolerated on arrival and refused in a draft") {
  CHECK(after([](json& form) { form["section2"]["newInReleaseNine"] = "x"; }).empty());
  CHECK(findings(check_section(access_form(), "section2", R"({"newInReleaseNine":"x"})")) ==
        "access.form.unknown_field /form/section2/newInReleaseNine\n");
  CHECK(findings(check_answers(access_form(), R"({"section99":{}})")) ==
        "access.form.unknown_section /form/section99\n");
}

TEST_CASE("Half an answer can be kept, a wrong one cannot") {
  CHECK(check_section(access_form(), "section2", R"({"projectName":"Half"})").empty());
  CHECK(check_section(access_form(), "section6", R"([{"country_id":"FR"}])").empty());
  CHECK(findings(check_section(access_form(), "section2", "[]")) == "access.form.type /form/section2\n");
  CHECK(findings(check_section(access_form(), "section77", "{}")) == "access.form.unknown_section /form/section77\n");
  CHECK(findings(check_section(access_form(), "section2", "{")) == "access.json.syntax \n");
}

TEST_CASE("Odd shapes of a form are findings, never a crash") {
  auto const odd = GENERATE(R"([])", R"(7)", R"({"section6":"x"})", R"({"section6":[7,null,[]]})",
                            R"({"section2":[1]})", R"({"section8":{"peopleWhoWillBeProcessingTheData":[1,{}]}})",
                            R"({"section2":{"purposeForWhichDataWillBeUsed":{"a":{}}}})");
  auto application = access_samples::access_application({"FR"});
  application.form_json = odd;

  CHECK_FALSE(check_complete(access_form(), application, today()).empty());
  CHECK_FALSE(check_answers(access_form(), odd).empty());
}

TEST_CASE("A file that an answer names must be attached") {
  auto application = access_samples::access_application({"FR"});
  application.attachments.clear();

  CHECK(findings(check_complete(access_form(), application, today())) ==
        "access.form.file /form/section5/summaryOfResearchPlan/0\n");
}

TEST_CASE("Files of other kinds, too large or oddly named are found") {
  auto const row =
      GENERATE(table<char const*, std::uint64_t, char const*>({{"a.exe", 5, "access.file.type"},
                                                               {"noending", 5, "access.file.type"},
                                                               {"a.PDF", 0, "access.file.size"},
                                                               {"a.pdf", 1024 * 1024 + 1, "access.file.size"},
                                                               {"../a.pdf", 5, "access.file.name"},
                                                               {"", 5, "access.file.name"}}));
  auto application = access_samples::access_application({"FR"});
  application.attachments = {{"f1", std::get<0>(row), std::get<1>(row)}};
  auto const found = check_complete(access_form(), application, today());

  REQUIRE(found.size() == 1);
  CHECK(found[0].code == std::get<2>(row));
  CHECK(found[0].where == "/attachments/0");
}
