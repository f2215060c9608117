// What leaves the house, byte for byte: the export of one dataset, a page for harvesters, the report of a check, the
// row of the store.
#include <array>

#include "../packs.hpp"
#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/publish/catalogue_page.hpp"
#include "dcat/publish/export_dataset.hpp"
#include "golden_file.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;
using ehds::tests::check_golden;

namespace {

std::string golden(std::string const& name) { return std::string(EHDS_TEST_DIR) + "/golden/" + name; }
std::string const golden_dataset = "https://example.org/dataset/cancer";

}  // namespace

TEST_CASE("The export of a dataset is the agreed RDF/XML, with the classes of its codes") {
  auto const text = export_rdfxml(turtle(fixture("registry.ttl")), golden_dataset, r8());
  REQUIRE(text);
  check_golden(golden("export.rdf"), *text);
}

TEST_CASE("A page for harvesters is the agreed Turtle") {
  auto const record = turtle(fixture("registry.ttl"));
  page_record const one{golden_dataset, &record};
  catalogue_description const catalogue{"https://node.example/catalog?zone=all",
                                        {{"en", "Catalogue"}, {"fr", "Catalogue français"}},
                                        {{"en", "All datasets"}},
                                        "https://node.example/",
                                        {{"en", "Node"}}};
  check_golden(golden("page.ttl"), write_turtle(catalogue_page(catalogue, std::span(&one, 1), {2, 1, 3})));
}

TEST_CASE("The row of a record and of its variables is the agreed JSON") {
  auto const record = turtle(fixture("registry.ttl"));
  check_golden(golden("record.json"), to_json(extract_record(record).value()) + "\n");
  check_golden(golden("variables.json"), to_json(extract_variables(record, golden_dataset)) + "\n");
}

TEST_CASE("The report of a poor record is the agreed text and the agreed JSON") {
  auto const report =
      r8_rules().check(turtle("<http://e/d> a <http://www.w3.org/ns/dcat#Dataset> ; "
                              "<http://purl.org/dc/terms/title> <http://e/t> ."));
  check_golden(golden("poor_report.txt"), to_text(report));
  check_golden(golden("poor_report.json"), to_json(report));
}

TEST_CASE("Every page of a catalogue of any size links to a page that exists") {
  for (std::size_t total = 0; total < 12; ++total) {
    for (std::size_t size = 1; size < 5; ++size) {
      auto const last = total == 0 ? 1 : (total + size - 1) / size;
      for (std::size_t number = 1; number <= last; ++number) {
        INFO(total << " datasets, " << size << " a page, page " << number);
        auto const page = catalogue_page({"http://c/", {}, {}, "", {}}, {}, {number, size, total});
        auto const iri_of = [](std::size_t n) { return "http://c/?page=" + std::to_string(n); };
        auto const view = page.find_iri(iri_of(number));
        REQUIRE(view);
        std::string const hydra = "http://www.w3.org/ns/hydra/core#";
        CHECK(page.has(*view, hydra + "first", iri(iri_of(1))));
        CHECK(page.has(*view, hydra + "last", iri(iri_of(last))));
        CHECK(page.about(*view, hydra + "next").size() == (number < last ? 1U : 0U));
        CHECK(page.about(*view, hydra + "previous").size() == (number > 1 ? 1U : 0U));
        CHECK_FALSE(page.find_iri(iri_of(last + 1)));
        CHECK_FALSE(page.find_iri(iri_of(0)));
      }
    }
  }
}
