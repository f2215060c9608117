// The records of the demonstration: each conforms to Release 8, is marked as a demonstration, and lets the story find
// what it looks for.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/validate.hpp"

using namespace ehds;
using namespace ehds::dcat;

namespace {

std::filesystem::path const records_folder = EHDS_SOURCE_DIR "/node/demo/records";

std::string content_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  INFO(file.string());
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

release_pack const& r8() {
  static release_pack const pack = [] {
    auto loaded = load_release_pack(EHDS_SOURCE_DIR "/dcat/release/packs/r8");
    if (!loaded) FAIL(to_text(loaded.error()));
    return *std::move(loaded);
  }();
  return pack;
}

std::vector<std::filesystem::path> files_of(std::string const& country) {
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(records_folder / country)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

graph graph_of(std::filesystem::path const& file) {
  auto read = read_rdf(content_of(file), syntax::turtle);
  if (!read) FAIL(to_text(read.error()));
  return *std::move(read);
}

std::map<std::string, std::string> const countries{{"FR", "France"}, {"FI", "Finland"}, {"DK", "Denmark"}};

}  // namespace

TEST_CASE("Every record of the demonstration conforms to Release 8 as non-public data") {
  for (auto const& [country, name] : countries) {
    for (auto const& file : files_of(country)) {
      INFO(file.string());
      auto const report = validate_file_text(content_of(file), file.filename().string(), r8());
      REQUIRE(report);
      INFO(to_text(*report));
      CHECK(report->conforms);
      CHECK(report->access_level == "NON_PUBLIC");
    }
  }
}

TEST_CASE("Every record says that it is a demonstration and names the authority of its country") {
  for (auto const& [country, name] : countries) {
    for (auto const& file : files_of(country)) {
      INFO(file.string());
      auto const record = extract_record(graph_of(file));
      REQUIRE(record);
      CHECK(record->identifier == file.stem().string());
      CHECK(best_text(record->titles, "en").ends_with(" (demonstration)"));
      CHECK(record->titles.size() == 2);
      CHECK(best_text(record->hdab.names, "en") == "Health data access body of " + name + " (demonstration)");
      CHECK(record->countries.size() == 1);
      CHECK(record->has_variables());
    }
  }
}

TEST_CASE("The databases of the order of 12 May 2022 and of the Nordic registers are all there") {
  std::set<std::string> found;
  for (auto const& [country, name] : countries)
    for (auto const& file : files_of(country)) found.insert(file.stem().string());
  std::set<std::string> const wanted{
      "FR-SNDS",  "FR-SIDEP",  "FR-VACCIN-COVID", "FR-BNDMR", "FR-HEPATHER", "FR-EPICOV", "FR-ESIS",     "FR-OSCOUR",
      "FR-MDO",   "FR-ESME",   "FR-MEMENTO",      "FR-EMUST", "FR-ATU",      "FI-HILMO",  "FI-AVOHILMO", "FI-KANTA-RX",
      "FI-DEATH", "FI-CANCER", "DK-LPR",          "DK-LMDB",  "DK-CANCER",   "DK-DEATH",  "DK-MFR"};
  CHECK(found == wanted);
}

TEST_CASE("The first mark in the Turtle that is served stands in the title, where the story changes it") {
  auto const written = write_turtle(graph_of(records_folder / "FR/FR-ESIS.ttl"));
  auto const mark = written.find("(demonstration)");
  auto const title = written.find("e-SIS, breast cancer screening in Gard and");
  REQUIRE(mark != std::string::npos);
  REQUIRE(title != std::string::npos);
  CHECK(title < mark);
  CHECK(written.substr(title, mark - title).find('\n') == std::string::npos);
}

TEST_CASE("The story's searches find the datasets of three countries, and French dispensations down to the variable") {
  search_index index;
  std::vector<search_entry> entries;
  for (auto const& [country, name] : countries) {
    for (auto const& file : files_of(country)) {
      auto const g = graph_of(file);
      auto record = std::make_shared<dataset_record const>(*extract_record(g));
      auto variables = std::make_shared<variable_set const>(extract_variables(g, record->iri));
      entries.push_back({record->identifier, country, record, variables});
    }
  }
  index.put(std::move(entries));
  search_query diabetes;
  diabetes.text = "diabetes";
  std::set<std::string> found;
  for (auto const& hit : index.snapshot()->find(diabetes).hits) found.insert(hit.entry.key);
  CHECK(found == std::set<std::string>{"DK-LPR", "FI-HILMO", "FR-SNDS"});
  search_query dispensation;
  dispensation.variable = "dispens";
  dispensation.filters["origin"] = {"FR"};
  auto const french = index.snapshot()->find(dispensation);
  REQUIRE(french.total == 1);
  CHECK(french.hits[0].entry.key == "FR-SNDS");
  REQUIRE_FALSE(french.hits[0].variables.empty());
}

TEST_CASE("The variables of the datasets that are queried are the columns of the profile that queries them") {
  struct queried {
    std::string record, profile;
  };
  auto const q = GENERATE(values<queried>(
      {{"FR/FR-SNDS.ttl", "snds-flat"}, {"FI/FI-HILMO.ttl", "omop-5.4"}, {"DK/DK-LPR.ttl", "omop-5.4"}}));
  auto const g = graph_of(records_folder / q.record);
  std::map<std::string, std::set<std::string>> described;  // table -> columns
  for (auto const& table : extract_variables(g, extract_record(g)->iri).tables)
    for (auto const& column : table.columns) described[table.iri.substr(table.iri.find('#') + 1)].insert(column.name);
  auto const profile =
      nlohmann::json::parse(content_of(EHDS_SOURCE_DIR "/connectors/data/profiles/" + q.profile + ".json"));
  for (auto const& table : profile.at("tables")) {
    for (auto const& column : table.at("columns")) {
      INFO(q.record << " " << table.at("name") << " " << column.at("name"));
      CHECK(described[table.at("name").get<std::string>()].contains(column.at("name").get<std::string>()));
    }
  }
  CHECK(described.contains(profile.at("person").at("table").get<std::string>()));
  CHECK(described.size() == profile.at("tables").size() + 1);
}

TEST_CASE("The incomplete record is refused at both places, each with its mend") {
  auto const report = validate_file_text(content_of(records_folder / "incomplete.ttl"), "incomplete.ttl", r8());
  REQUIRE(report);
  INFO(to_text(*report));
  auto const found = violations_of(*report);
  REQUIRE(found.size() == 2);
  std::set<std::string> places;
  for (auto const& one : found) {
    places.insert(one.where);
    CHECK_FALSE(one.mend.empty());
  }
  CHECK(places ==
        std::set<std::string>{"dcat:Dataset/dcat:distribution[0]/dcat:accessURL", "dcat:Dataset/healthdcatap:hdab"});
}
