#include "node/access/samples.hpp"

#include <nlohmann/json.hpp>

namespace access_samples {
namespace {

using json = nlohmann::ordered_json;
using namespace ehds::node::access;

json choice(char const* key) { return {{"key", key}, {"value", "as the applicant reads it"}}; }

json project() {
  return {{"projectName", "Seasons and the heart"},
          {"projectLeader", "University of Example"},
          {"countryOfProjectLeader", choice("FR")},
          {"purposeForWhichDataWillBeUsed", json::array({choice("e")})},
          {"summaryOfTheProject", "We ask whether winters are harder on hearts."}};
}

json applicant() {
  return {{"applyingForDataOnBehalfOfPublicSector", choice("b")},
          {"legalOrNaturalPerson", choice("a")},
          {"legalPersonFullName", "University of Example"},
          {"legalPersonAddress", "1 Example Street"},
          {"legalPersonCountry", "FR"},
          {"contactPersonFullName", "Alex Secret"},
          {"contactPersonEmail", "alex.secret@example.org"},
          {"contactPersonPhone", {{"number", "123456"}, {"countryCode", "+33"}, {"isoCode", "FR"}}}};
}

json payment() {
  return {{"sameAsContactPerson", true},
          {"nameOfTheOrganisation", "University of Example"},
          {"invoiceType", choice("a")},
          {"invoiceReferenceNumber", "R-1"},
          {"isTheProjectFinanciallyCovered", choice("b")}};
}

json purpose(char const* why) {
  return {{"personResponsibleFullName", "Alex Secret"},
          {why, "Hospital stays by season."},
          {"whatIsTheAimAndTopicOfTheProject", "Seasonality."},
          {"whichAreTheExpectedBenefits", "Better winter plans."},
          {"describeApplicantsQualification", "Epidemiologists."}};
}

json country_part(std::string const& country) {
  return {{"country_id", country},
          {"howWillTheDataFromDifferentSourcesBeLinked", "By the national pseudonym."},
          {"howIsTheStudyCohortFormed", choice("a")},
          {"sizeOfTheStudyCohort", "20000"},
          {"whyNeedDataOfThisSize", "Rare outcome."},
          {"timePeriodOfDataExtraction", "2019-01-01 to 2024-12-31"},
          {"extractionMethod", choice("b")},
          {"inclusionCriteria", "Adults with heart failure."},
          {"howOftenDoesTheDataNeedToBeExtracted", choice("a")}};
}

json ticks(std::vector<char const*> const& keys) {
  json all = json::object();
  for (auto const* key : keys) all[key] = true;
  return all;
}

json processing() {
  json part = {{"technicalRequirementsForEnvironment", "R, 64 GB"},
               {"whenDataNeeded", choice("a")},
               {"estimatedStartDateOfProcessing", "2027-06-01"},
               {"estimatedEndDateOfProcessing", "2029-05-31"},
               {"informationWhichDataCanAccess", "Two winters of analysis."},
               {"willTheDataBeTransferred", choice("b")},
               {"whichOrganizationWillBeTheControllerOfData", "University of Example"},
               {"complyWithDataMinimisationPrinciple", "Ten variables."},
               {"descriptionOfSafeguards", "Two-person rule."},
               {"optOutOfTheMechanismProvidedInTheNationalLaw", choice("b")},
               {"peopleWhoWillBeProcessingTheData", json::array({{{"fullName", "Alex Secret"},
                                                                  {"affiliation", "University of Example"},
                                                                  {"email", "alex.secret@example.org"}}})},
               {"lawfulForProcessingPersonalData", json::array({choice("e")})}};
  for (auto const* letter : {"A", "B", "C", "D", "E"})
    part["protectionAndSecurityStatements" + std::string{letter}] = true;
  return part;
}

application_document document(application_type type, std::vector<std::string> const& countries, std::string form) {
  application_document application;
  application.application_id = "11111111-2222-4333-8444-555555555555";
  application.type = type;
  application.title = "Seasons and the heart";
  application.applicant = "researcher-1";
  application.date_submitted = "2026-11-20T10:00:00.000Z";
  application.form_release = "r8";
  for (auto const& country : countries) application.datasets.push_back(dataset("dataset-" + country, country));
  application.form_json = std::move(form);
  return application;
}

}  // namespace

dataset_reference dataset(std::string const& id, std::string const& country) {
  return {.id = id,
          .catalogue_id = "catalogue-" + country,
          .titles = {{"en", "Hospital stays of " + country}},
          .country = country,
          .authority = country + " authority",
          .publisher = "Holder of " + country,
          .distributions = {{"d1", "Table"}}};
}

std::string access_form(std::vector<std::string> const& countries) {
  json form = {{"section2", project()}, {"section3", applicant()}, {"section4", payment()}};
  form["section5"] = purpose("whyTheDataIsNeeded");
  form["section5"]["summaryOfResearchPlan"] = json::array({{{"id", "f1"}, {"name", "plan.pdf"}, {"size", 5}}});
  form["section5"]["formatOfTheElectronicHealthData"] = choice("a");
  form["section6"] = json::array();
  for (auto const& country : countries) {
    auto part = country_part(country);
    part["willControlsBeExtracted"] = choice("b");
    part["willRelativesBeExtracted"] = choice("b");
    form["section6"].push_back(part);
  }
  form["section7"] = {{"willDataBeCombinedWithDataObtained", choice("b")}};
  form["section8"] = processing();
  form["section10"] = ticks({"awareProcessingFee", "awareChargeFee", "awareInformationCorrect"});
  return form.dump();
}

std::string request_form(std::vector<std::string> const& countries) {
  json form = {{"section2", project()}, {"section3", applicant()}, {"section4", payment()}};
  form["section5"] = purpose("whyAreTheDataRequested");
  form["section6"] = json::array();
  for (auto const& country : countries) {
    auto part = country_part(country);
    part["tabulationPlanArray"] = json::array({{{"tabulationRegisteredToBeUsed", "Hospital stays"},
                                                {"tabulationInformationOfRequiredVariables", "sex, age band"},
                                                {"tabulationDesiredDirection", "rows"},
                                                {"tabulationOrderInWhichTable", "1"}}});
    part["optOutOfTheMechanismProvidedInTheNationalLaw"] = choice("b");
    form["section6"].push_back(part);
  }
  form["section7"] = {{"descriptionOfSafeguards", "Aggregates only."}, {"descriptionOfLawfulness", "Art. 6(1)(e)."}};
  form["section8"] = ticks({"awareProcessingFee", "awareChargeFee", "awareInformationCorrect", "acceptHealthDataBody"});
  return form.dump();
}

application_document access_application(std::vector<std::string> const& countries) {
  auto application = document(application_type::data_access, countries, access_form(countries));
  application.attachments.push_back({"f1", "plan.pdf", 5});
  return application;
}

application_document request_application(std::vector<std::string> const& countries) {
  return document(application_type::data_request, countries, request_form(countries));
}

}  // namespace access_samples
