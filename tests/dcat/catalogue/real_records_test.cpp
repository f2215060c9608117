// Records of others, when they are at hand: everything that is read can be described, found, exported and read again.
#include "../packs.hpp"
#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/publish/export_dataset.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/vocabulary.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

TEST_CASE("The official example is described", "[samples]") {
  auto const path = ehds::tests::shared_sample("healthdcat-ap/examples/official-r8/example-healthdcat-dataset.ttl");
  if (!path) return;
  auto const r = extract_record(turtle(file_text(path->string()))).value();
  CHECK(r.access_level == "NON_PUBLIC");
  CHECK(best_text(r.hdab.names) == "Belgian Health Data Access Body");
  CHECK(r.publisher.email == "publisher-contact@example.org");
  CHECK(r.keywords.size() == 4);
  CHECK(r.distributions.size() == 2);
  CHECK(r.samples.size() == 1);
  CHECK(r.distributions[0].byte_size == 92000000U);
  CHECK(r.other_identifiers == std::vector<std::string>{"EU-HDCA-R7-ONCOLOGY-EHRS-2024", "ONC-EHR-2024-BE-01"});
  CHECK(r.standards.size() == 2);
  CHECK(r.min_age == 18U);
  CHECK(r.variable_count == 5);
  CHECK(r.period_end == "2024-12-31");
  CHECK(record_from_json(to_json(r)).value() == r);
}

TEST_CASE("Real records of the Robert Koch-Institut go the whole way", "[samples]") {
  auto const folder = ehds::tests::shared_sample("healthdcat-ap/examples/rki");
  if (!folder) return;
  search_index index;
  std::vector<search_entry> entries;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().filename() != "govdata.ttl") continue;
    INFO(entry.path().string());
    auto const g = turtle(file_text(entry.path().string()));
    auto const records = extract_records(g);
    REQUIRE(records.size() == 1);
    auto const& r = records.front();
    CHECK_FALSE(best_text(r.titles, "de").empty());
    CHECK_FALSE(r.distributions.empty());
    CHECK(record_from_json(to_json(r)).value() == r);
    auto const report = r8_rules().check(g);
    CHECK_FALSE(report.conforms);
    for (finding const& f : report.findings) CHECK((!f.path.empty() && !f.detail.empty()));
    auto const xml = export_rdfxml(g, r.iri, r8());
    REQUIRE(xml);
    auto const again = read_rdf(*xml, syntax::rdfxml);
    REQUIRE(again);
    CHECK(canonical_hash(*again) == canonical_hash(export_dataset(g, r.iri, r8())));
    entries.push_back({r.iri, "DE", std::make_shared<dataset_record const>(r),
                       std::make_shared<variable_set const>(extract_variables(g, r.iri))});
  }
  auto const count = entries.size();
  CHECK(count >= 15);
  index.put(std::move(entries));
  CHECK(index.snapshot()->size() == count);
  CHECK(index.snapshot()->find({.text = "infektionen"}).total > 0);
  CHECK(index.snapshot()->find({.text = "Krankheitslast"}).total > 0);
}
