#include "dcat/catalogue/record.hpp"

#include "../packs.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/catalogue/words.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

TEST_CASE("A record shows what its graph says") {
  auto const g = turtle(fixture("registry.ttl"));
  auto const r = extract_record(g).value();
  CHECK(r.iri == "https://example.org/dataset/cancer");
  CHECK(r.identifier == "XX-CANCER");
  CHECK(best_text(r.titles) == "Cancer registry");
  CHECK(best_text(r.titles, "fr") == "Registre des cancers");
  CHECK(best_text(r.titles, "de") == "Cancer registry");
  CHECK(r.access_level == "NON_PUBLIC");
  CHECK(best_text(r.hdab.names) == "Data access body of XX");
  CHECK(r.hdab.email == "hdab@example.org");
  CHECK(r.custodian.page == "https://example.org/cancer/contact");
  CHECK(r.contact_email == "registry@example.org");
  CHECK(r.period_start == "1990-01-01");
  CHECK(r.period_end.empty());
  CHECK(r.number_of_records == 2500000U);
  CHECK(r.distributions.size() == 1);
  CHECK(r.distributions[0].access_url == "https://example.org/apply");
  CHECK(r.has_structured_data);
  CHECK(r.table_count == 2);
  CHECK(r.variable_count == 3);
  CHECK(best_text(r.provenance) == "Notified by pathology laboratories.");
  CHECK(r.hash.size() == 64);
}

TEST_CASE("A record and its variables come back from their rows") {
  auto const g = turtle(fixture("registry.ttl"));
  auto const r = extract_record(g).value();
  CHECK(record_from_json(to_json(r)).value() == r);
  auto const v = extract_variables(g, r.iri);
  CHECK(variables_from_json(to_json(v)).value() == v);
  CHECK(record_from_json("[1]").error().code == "catalogue.bad_row");
  CHECK(record_from_json("{\"iri\": 1}").error().code == "catalogue.bad_row");
}

TEST_CASE("A text about no dataset, two datasets or an unnamed one is no record") {
  std::string const head = "@prefix dcat: <http://www.w3.org/ns/dcat#> . ";
  CHECK(extract_record(turtle("")).error().code == "dcat.no_dataset");
  CHECK(extract_record(turtle(head + "[] a dcat:Dataset .")).error().code == "dcat.unnamed_dataset");
  CHECK(extract_record(turtle(head + "<http://e/1> a dcat:Dataset . <http://e/2> a dcat:Dataset .")).error().code ==
        "dcat.many_datasets");
}

TEST_CASE("Variables are paged and found by their words") {
  auto const g = turtle(fixture("registry.ttl"));
  auto const v = extract_variables(g, "https://example.org/dataset/cancer");
  REQUIRE(v.tables.size() == 2);
  CHECK(best_text(v.tables[0].titles) == "Persons");
  CHECK(v.tables[1].columns[0].name == "diagnosis_date");
  CHECK(page_of(v, "", all_tables, 0, 2).rows.size() == 2);
  CHECK(page_of(v, "", all_tables, 2, 2).rows.size() == 1);
  CHECK(page_of(v, "", all_tables, 2, 2).total == 3);
  CHECK(page_of(v, "", 1, 0, 10).total == 2);
  CHECK(page_of(v, "smok", all_tables, 0, 10).total == 1);
  CHECK(page_of(v, "TUMOUR icd", all_tables, 0, 10).total == 1);
  CHECK(page_of(v, "nothing", all_tables, 0, 10).total == 0);
}

TEST_CASE("Words are folded: case, accents, punctuation") {
  auto const same = GENERATE(values<std::pair<char const*, std::vector<std::string>>>({
      {"Épidémiologie, œdème", {"epidemiologie", "oedeme"}},
      {"Straße ÅÄÖ", {"strasse", "aao"}},
      {"l'État", {"l", "etat"}},
      {"e\xCC\x81tat", {"etat"}},
      {"ICD-10", {"icd", "10"}},
      {"Ελλάδα", {"ελλαδα"}},
      {"България", {"българия"}},
      {"«a»…b", {"a", "b"}},
      {"", {}},
      {"\xFF\xE2", {}},
  }));
  CHECK(words_of(same.first) == same.second);
}
