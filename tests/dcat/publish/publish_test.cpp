#include <array>

#include "../packs.hpp"
#include "dcat/publish/catalogue_page.hpp"
#include "dcat/publish/export_dataset.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/vocabulary.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

std::string const cancer = "https://example.org/dataset/cancer";

graph with_catalogue() {
  return turtle(fixture("registry.ttl") +
                "<https://example.org/catalog> a dcat:Catalog ; dcat:dataset <https://example.org/dataset/cancer> , "
                "<https://example.org/dataset/other> .\n"
                "<https://example.org/dataset/other> a dcat:Dataset ; dct:title \"Other\" .\n"
                "<https://example.org/dataset/cancer> dct:isPartOf <https://example.org/catalog> ; "
                "dct:relation <https://example.org/dataset/other> .\n");
}

}  // namespace

TEST_CASE("An export holds one dataset, no catalogue, and says what its codes are") {
  auto const exported = export_dataset(with_catalogue(), cancer, r8());
  CHECK(exported.nodes_of_class(std::string(ns::dcat) + "Catalog").empty());
  CHECK(exported.nodes_of_class(std::string(ns::dcat) + "Dataset").size() == 1);
  auto const system =
      exported.find_iri("https://hdeu-dcat.data.health.europa.eu/resource/authority/coding-system/ICD-O");
  REQUIRE(system);
  CHECK(exported.is_a(*system, std::string(ns::dct) + "Standard"));
  CHECK(exported.has(*system, std::string(ns::skos) + "inScheme",
                     iri("https://hdeu-dcat.data.health.europa.eu/resource/authority/coding-system")));
  CHECK(r8_rules().check(exported).conforms);
}

TEST_CASE("The exported RDF/XML reads back to the same graph") {
  auto const text = export_rdfxml(with_catalogue(), cancer, r8());
  REQUIRE(text);
  CHECK(text->starts_with("<?xml"));
  auto const again = read_rdf(*text, syntax::rdfxml);
  if (!again) FAIL(to_text(again.error()));
  CHECK(canonical_hash(*again) == canonical_hash(export_dataset(with_catalogue(), cancer, r8())));
  CHECK(export_rdfxml(with_catalogue(), "https://example.org/none", r8()).error().code == "dcat.no_dataset");
}

TEST_CASE("A closure walks circles once") {
  auto const g = turtle(
      "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix e: <http://e/> .\n"
      "e:d a dcat:Dataset ; e:p e:a . e:a e:p e:b . e:b e:p e:a , e:d . e:alone e:p e:d .");
  CHECK(dataset_closure(g, "http://e/d").size() == 5);
  CHECK(dataset_closure(g, "http://e/nobody").empty());
}

TEST_CASE("A catalogue page links to its neighbours for both kinds of harvesters") {
  auto const record = turtle(fixture("registry.ttl"));
  catalogue_description const catalogue{"https://node.example/catalog",
                                        {{"en", "Catalogue"}},
                                        {{"en", "All datasets"}},
                                        "https://node.example/",
                                        {{"en", "Node"}}};
  page_record const one{cancer, &record};
  auto const page = catalogue_page(catalogue, std::span(&one, 1), {2, 100, 250});
  std::string const hydra(ns::hydra);
  auto const view = page.find_iri("https://node.example/catalog?page=2");
  REQUIRE(view);
  CHECK(page.has(*view, hydra + "next", iri("https://node.example/catalog?page=3")));
  CHECK(page.has(*view, hydra + "previous", iri("https://node.example/catalog?page=1")));
  CHECK(page.has(*view, hydra + "last", iri("https://node.example/catalog?page=3")));
  auto const paged = page.nodes_of_class(hydra + "PagedCollection");
  REQUIRE(paged.size() == 1);
  CHECK(page.has(paged[0], hydra + "next", literal("https://node.example/catalog?page=3")));
  CHECK(page.has(paged[0], hydra + "totalItems", typed_literal("250", xsd::integer)));
  CHECK(page.has(*page.find_iri("https://node.example/catalog"), std::string(ns::dcat) + "dataset", iri(cancer)));
  auto const last = catalogue_page(catalogue, {}, {3, 100, 250});
  CHECK_FALSE(last.find_iri("https://node.example/catalog?page=4"));
  auto const empty = catalogue_page(catalogue, {}, {1, 100, 0});
  CHECK_FALSE(empty.find_iri("https://node.example/catalog?page=2"));
}

TEST_CASE("Blank nodes of two records on a page stay apart") {
  auto const a =
      turtle("@prefix e: <http://e/> . e:1 a <http://www.w3.org/ns/dcat#Dataset> ; e:p _:x . _:x e:q \"1\" .");
  auto const b =
      turtle("@prefix e: <http://e/> . e:2 a <http://www.w3.org/ns/dcat#Dataset> ; e:p _:x . _:x e:q \"2\" .");
  std::array<page_record, 2> const both{{{"http://e/1", &a}, {"http://e/2", &b}}};
  auto const page = catalogue_page({"http://c/", {}, {}, "", {}}, both, {1, 100, 2});
  auto const node = page.about(*page.find_iri("http://e/1"), "http://e/p").front().object;
  CHECK(page.about(node).size() == 1);
}
