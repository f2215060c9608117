#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "../packs.hpp"
#include "dcat/validate/lexical.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

// The good record with one text of it replaced.
validation_report report_of_spoiled(std::string const& from, std::string const& to) {
  auto text = fixture("registry.ttl");
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return r8_rules().check(turtle(text));
}

struct spoiled_value {
  std::string from, to, code, path;
  severity level = severity::violation;
};

}  // namespace

TEST_CASE("A wrong value is found where it stands") {
  std::string const hd = "https://hdeu-dcat.data.health.europa.eu/resource/authority/";
  auto const s = GENERATE_COPY(values<spoiled_value>({
      {"dct:identifier \"XX-CANCER\"", "dct:identifier <http://e/id>", "dcat.kind", "dcat:Dataset/dct:identifier[0]"},
      {"access-right/NON_PUBLIC>",
       "access-right/NON_PUBLIC> , <http://publications.europa.eu/resource/authority/access-right/PUBLIC>",
       "dcat.too_many", "dcat:Dataset/dct:accessRights"},
      {"access-right/NON_PUBLIC", "access-right/SECRET", "dcat.code_list", "dcat:Dataset/dct:accessRights"},
      {"data-theme/HEAL", "data-theme/ENVI", "dcat.must_contain", "dcat:Dataset/dcat:theme"},
      {"data-theme/HEAL>", "data-theme/HEAL> , <http://publications.europa.eu/resource/authority/data-theme/undefined>",
       "dcat.code_list", "dcat:Dataset/dcat:theme[1]"},
      {"healthcategories/MRMR", "healthcategories/MRMRX", "dcat.code_list",
       "dcat:Dataset/healthdcatap:healthCategory[0]"},
      {"hasStructuredData true", "hasStructuredData \"yes\"", "dcat.datatype",
       "dcat:Dataset/healthdcatap:hasStructuredData"},
      {"\"2500000\"^^xsd:nonNegativeInteger", "2500000", "dcat.datatype", "dcat:Dataset/healthdcatap:numberOfRecords"},
      {"\"2500000\"^^xsd:nonNegativeInteger", "\"many\"^^xsd:nonNegativeInteger", "dcat.datatype",
       "dcat:Dataset/healthdcatap:numberOfRecords"},
      {"\"2020-02-01\"^^xsd:date", "\"2020-02-31\"^^xsd:date", "dcat.datatype", "dcat:Dataset/dct:issued"},
      {"dpv-pd:Age", "<https://w3id.org/dpv/pd#Age>", "dcat.starts_with", "dcat:Dataset/dpv:hasPersonalData[0]"},
      {"a vcard:Kind", "a vcard:Thing", "dcat.class", "dcat:Dataset/dcat:contactPoint[0]"},
      {"coding-system/ICD-O>", "coding-system/ICD-O-3>", "dcat.code_list",
       "dcat:Dataset/healthdcatap:hasCodingSystem[0]"},
      {"a dcat:Distribution", "a dcat:DataService", "dcat.class", "dcat:Dataset/dcat:distribution[0]"},
  }));
  INFO(s.from + " -> " + s.to);
  auto const report = report_of_spoiled(s.from, s.to);
  INFO(to_text(report));
  bool found = false;
  for (finding const& f : report.findings)
    found =
        found || (f.code == s.code && f.path == s.path && f.level == s.level && !f.detail.empty() && !f.mend.empty());
  CHECK(found);
  CHECK_FALSE(report.conforms);
}

TEST_CASE("Recommended and optional properties are checked where they stand") {
  std::string const good = "dct:issued \"2020-02-01\"^^xsd:date ;";
  std::string const title = "dct:title \"Secure access\"@en ;";
  std::string const at = "dcat:Dataset/dcat:distribution[0]/";
  auto const warning = severity::warning;
  auto const s = GENERATE_COPY(values<spoiled_value>({
      {good, "dct:language <http://e/french> ;", "dcat.code_list", "dcat:Dataset/dct:language[0]", warning},
      {"authority/country/FRA", "authority/nation/FRA", "dcat.code_list", "dcat:Dataset/dct:spatial[0]", warning},
      {good, "dct:conformsTo <http://e/own> ;", "dcat.code_list", "dcat:Dataset/dct:conformsTo[0]"},
      {good, "dcat:temporalResolution \"monthly\" ;", "dcat.datatype", "dcat:Dataset/dcat:temporalResolution"},
      {good, "<http://www.w3.org/ns/prov#wasGeneratedBy> \"care\" ;", "dcat.kind",
       "dcat:Dataset/prov:wasGeneratedBy[0]"},
      {title, "dct:format <http://e/csv> ;", "dcat.code_list", at + "dct:format", warning},
      {title, "dcatap:availability <http://e/soon> ;", "dcat.code_list", at + "dcatap:availability", warning},
      {title, "adms:status <http://e/done> ;", "dcat.code_list", at + "adms:status", warning},
      {title, "dcat:mediaType <http://e/csv> ;", "dcat.starts_with", at + "dcat:mediaType", warning},
      {title, "dcat:downloadURL \"here\" ;", "dcat.kind", at + "dcat:downloadURL[0]"},
      {title, "", "dcat.missing", at + "dct:license", warning},
      {"foaf:name \"Cancer institute\"@en ;\n    cv:contactPoint [ a cv:ContactPoint ; cv:email \"pub",
       "foaf:name \"Cancer institute\"@en ; dct:type <http://e/club> ;\n    cv:contactPoint [ a cv:ContactPoint ; "
       "cv:email \"pub",
       "dcat.code_list", "dcat:Dataset/dct:publisher/dct:type"},
      {"a dcat:Distribution ;", "a dcat:Distribution . <http://e/c> a dcat:Catalog . <http://e/x> ", "dcat.missing",
       "dcat:Catalog(<http://e/c>)/dct:publisher"},
  }));
  INFO(s.from + " -> " + s.to);
  auto const report = report_of_spoiled(s.from, s.to);
  INFO(to_text(report));
  bool const found = std::any_of(report.findings.begin(), report.findings.end(), [&s](finding const& f) {
    return f.code == s.code && f.path == s.path && f.level == s.level && !f.mend.empty();
  });
  CHECK(found);
}

TEST_CASE("The nearest code is proposed") {
  auto const report = report_of_spoiled("health-theme/CANCER_DISEASE", "health-theme/cancer_diseases");
  auto const found = violations_of(report);
  REQUIRE(found.size() == 1);
  CHECK(found[0].mend.find("health-theme/CANCER_DISEASE>") != std::string::npos);
}

TEST_CASE("All findings are reported, not the first") {
  auto const report = r8_rules().check(turtle("<http://e/d> a <http://www.w3.org/ns/dcat#Dataset> ."));
  CHECK(report.count(severity::violation) >= 10);
  CHECK(report.count(severity::warning) >= 10);
}

TEST_CASE("A text without a dataset does not conform") {
  auto const report = r8_rules().check(turtle("<http://e/d> a <http://e/Thing> ."));
  CHECK_FALSE(report.conforms);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].code == "dcat.no_dataset");
}

TEST_CASE("Circles among nodes end") {
  auto const report = r8_rules().check(
      turtle("@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix csvw: <http://www.w3.org/ns/csvw#> . @prefix e: "
             "<http://e/> .\n"
             "e:d a dcat:Dataset ; dcat:distribution e:d ; <http://healthdataportal.eu/ns/health#hasVariables> e:t .\n"
             "e:t a csvw:TableGroup , csvw:Table ; csvw:table e:t ; csvw:column e:t ."));
  CHECK_FALSE(report.conforms);
}

TEST_CASE("Two datasets are told apart in the paths") {
  auto const report = r8_rules().check(turtle(
      "<http://e/1> a <http://www.w3.org/ns/dcat#Dataset> . <http://e/2> a <http://www.w3.org/ns/dcat#Dataset> ."));
  CHECK(report.findings.front().path == "dcat:Dataset[0]/dct:title");
  CHECK(report.findings.back().path.starts_with("dcat:Dataset[1]/"));
}

TEST_CASE("Nodes that nothing points at are checked as well") {
  auto const report = r8_rules().check(turtle(fixture("registry.ttl") + "<http://e/lost> a dcat:Distribution ."));
  CHECK(report.count(severity::violation) == 2);
  bool named = false;
  for (auto const& f : report.findings) named = named || f.path == "dcat:Distribution(<http://e/lost>)/dcat:accessURL";
  CHECK(named);
}

TEST_CASE("A report is text for people and JSON for programs") {
  auto const report = report_of_spoiled("dct:identifier \"XX-CANCER\" ;", "");
  CHECK(to_text(report).find("violation: dcat:Dataset/dct:identifier\n") != std::string::npos);
  CHECK(to_text(report).find("Does not conform to HealthDCAT-AP r8 (NON_PUBLIC): 1 violation,") != std::string::npos);
  auto const json = nlohmann::json::parse(to_json(report));
  CHECK(json["conforms"] == false);
  CHECK(json["violations"] == 1);
  bool found = false;
  for (auto const& f : json["findings"])
    found = found ||
            (f["severity"] == "violation" && f["path"] == "dcat:Dataset/dct:identifier" && f["code"] == "dcat.missing");
  CHECK(found);
  auto const problems = violations_of(report);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].where == "dcat:Dataset/dct:identifier");
}

TEST_CASE("A file is read by its name, upgraded and checked") {
  auto const good = validate_file_text(fixture("registry.ttl"), "registry.ttl", r8());
  REQUIRE(good);
  CHECK(good->conforms);
  CHECK(validate_file_text(fixture("registry.ttl"), "no-suffix", r8())->conforms);
  CHECK(validate_file_text("not turtle", "x.ttl", r8()).error().code == "rdf.syntax");
  auto text = fixture("registry.ttl");
  std::string const host = "https://hdeu-dcat.data.health.europa.eu/";
  for (auto at = text.find(host); at != std::string::npos; at = text.find(host))
    text.replace(at, host.size(), "http://13.81.34.152:1101/");
  auto const old_host = validate_file_text(text, "registry.ttl", r8());
  REQUIRE(old_host);
  INFO(to_text(*old_host));
  CHECK(old_host->conforms);
  CHECK(old_host->findings.back().code == "dcat.upgraded");
}

TEST_CASE("Real records of another profile miss what HealthDCAT-AP adds", "[samples]") {
  auto const path =
      ehds::tests::shared_sample("healthdcat-ap/examples/rki/SARS-CoV-2-Infektionen_in_Deutschland/govdata.ttl");
  if (!path) return;
  auto const report = validate_file_text(file_text(path->string()), "govdata.ttl", r8());
  REQUIRE(report);
  for (auto const* property : {"healthdcatap:hdab", "healthdcatap:healthCategory", "healthdcatap:hasStructuredData",
                               "dct:identifier", "dct:accessRights", "dcatap:applicableLegislation"}) {
    bool found = false;
    for (auto const& f : report->findings)
      found = found || (f.path == std::string("dcat:Dataset/") + property && f.code == "dcat.missing" &&
                        f.level == severity::violation);
    INFO(property);
    CHECK(found);
  }
  CHECK_FALSE(report->conforms);
}

TEST_CASE("Lexical forms follow XML Schema") {
  struct form {
    char const* type;
    char const* text;
    bool good;
  };
  auto const f = GENERATE(values<form>({
      {"boolean", "true", true},
      {"boolean", "TRUE", false},
      {"integer", "-5", true},
      {"integer", "5.0", false},
      {"integer", "", false},
      {"nonNegativeInteger", "-0", true},
      {"nonNegativeInteger", "-1", false},
      {"decimal", "1.5", true},
      {"decimal", ".5", true},
      {"decimal", ".", false},
      {"decimal", "1e5", false},
      {"date", "2024-02-29", true},
      {"date", "2023-02-29", false},
      {"date", "2024-02-29+02:00", true},
      {"date", "2024-2-9", false},
      {"dateTime", "2024-02-29T10:00:00Z", true},
      {"dateTime", "2024-02-29T10:00:00.5+02:00", true},
      {"dateTime", "2024-02-29", false},
      {"dateTime", "2024-02-29T25:00:00", false},
      {"gYear", "1990", true},
      {"gYear", "90", false},
      {"gYearMonth", "1990-12", true},
      {"gYearMonth", "1990-13", false},
      {"duration", "P1M", true},
      {"duration", "PT5M", true},
      {"duration", "P1DT12H", true},
      {"duration", "P", false},
      {"duration", "PT", false},
      {"duration", "1M", false},
      {"duration", "P1H", false},
      {"hexBinary", "0aFF", true},
      {"hexBinary", "0aF", false},
      {"anyURI", "what ever", true},
  }));
  INFO(f.type << " " << f.text);
  CHECK(is_lexical_form(f.text, "http://www.w3.org/2001/XMLSchema#" + std::string(f.type)) == f.good);
}

TEST_CASE("Thousands of mistakes are told in bounds") {
  std::string text = fixture("registry.ttl");
  for (int i = 0; i < 4000; ++i) {
    auto const n = std::to_string(i);
    text += "<http://e/" + n + "> a csvw:Column . <https://example.org/dataset/cancer> dcat:theme <http://e/theme/" +
            n + "> .\n";
  }
  auto const report = r8_rules().check(turtle(text));
  CHECK_FALSE(report.conforms);
  CHECK(report.findings.size() == most_findings + 1);
  CHECK(report.findings.back().code == "dcat.more");
}
