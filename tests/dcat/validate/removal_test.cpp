// For every mandatory property: remove it from a good record, and exactly that is found.
#include <catch2/catch.hpp>

#include "../packs.hpp"
#include "dcat/rdf/vocabulary.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

graph without(graph const& g, std::string const& subject_class, std::string const& predicate) {
  graph_builder kept;
  for (triple const& t : g.triples()) {
    bool const removed = g[t.predicate].value == predicate && g.is_a(t.subject, subject_class);
    if (!removed) kept.add(g[t.subject], g[t.predicate], g[t.object]);
  }
  return std::move(kept).build();
}

std::vector<finding> violations(validation_report const& report) {
  std::vector<finding> out;
  for (finding const& f : report.findings)
    if (f.level == severity::violation) out.push_back(f);
  return out;
}

}  // namespace

TEST_CASE("Removing a mandatory property of the dataset is found, with path and mend, at its access level") {
  auto const good = turtle(fixture("registry.ttl"));
  auto const& dataset = *r8().find_shape("Dataset");
  std::size_t const non_public = 2;
  std::size_t tried = 0;
  for (property_rule const& rule : dataset.properties) {
    if (rule.needs[non_public] != need::mandatory || rule.path == r8().level_property) continue;
    auto const property = r8().short_name(rule.path);
    INFO(property);
    auto const report = r8_rules().check(without(good, dataset.of_class, rule.path));
    CHECK_FALSE(report.conforms);
    auto const found = violations(report);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "dcat.missing");
    CHECK(found[0].path == "dcat:Dataset/" + property);
    CHECK(found[0].focus == "https://example.org/dataset/cancer");
    CHECK(found[0].mend.starts_with("Add for example: " + property + " "));
    ++tried;
  }
  CHECK(tried >= 13);
}

TEST_CASE("The mend of every mandatory property is Turtle that mends the record") {
  auto const text = fixture("registry.ttl");
  auto const good = turtle(text);
  auto const& dataset = *r8().find_shape("Dataset");
  std::string head;
  for (auto const& [name, space] : r8().namespaces) head += "@prefix " + name + ": <" + space + "> .\n";
  for (property_rule const& rule : dataset.properties) {
    if (rule.needs[2] == need::optional) continue;
    INFO(rule.path);
    if (rule.example.empty()) continue;
    auto const poor = without(good, dataset.of_class, rule.path);
    graph_builder mended;
    mended.add(poor);
    auto const added = turtle(head + "<https://example.org/dataset/cancer> <" + rule.path + "> " + rule.example + " .");
    for (triple const& t : added.triples()) {
      auto const apart = [](term const& x) { return x.is_blank() ? blank("added/" + x.value) : x; };
      mended.add(apart(added[t.subject]), added[t.predicate], apart(added[t.object]));
    }
    auto const report = r8_rules().check(std::move(mended).build());
    INFO(to_text(report));
    CHECK(report.conforms);
  }
}

TEST_CASE("Without access rights the default level applies and the missing property is found") {
  auto const report = r8_rules().check(
      without(turtle(fixture("registry.ttl")), std::string(ns::dcat) + "Dataset", r8().level_property));
  CHECK(report.access_level == "PUBLIC");
  auto const found = violations(report);
  REQUIRE(found.size() == 1);
  CHECK(found[0].path == "dcat:Dataset/dct:accessRights");
}

TEST_CASE("Mandatory properties of nested nodes are found with the way to them") {
  struct nested {
    std::string of_class, predicate, path;
    std::size_t times;
  };
  auto const n = GENERATE(values<nested>({
      {std::string(ns::dcat) + "Distribution", std::string(ns::dcat) + "accessURL",
       "dcat:Dataset/dcat:distribution[0]/dcat:accessURL", 1},
      {std::string(ns::dcat) + "Distribution", std::string(ns::dcatap) + "applicableLegislation",
       "dcat:Dataset/dcat:distribution[0]/dcatap:applicableLegislation", 1},
      {std::string(ns::csvw) + "TableGroup", std::string(ns::dct) + "title",
       "dcat:Dataset/healthdcatap:hasVariables[0]/dct:title", 1},
      {std::string(ns::csvw) + "TableGroup", std::string(ns::csvw) + "table",
       "dcat:Dataset/healthdcatap:hasVariables[0]/csvw:table", 3},  // and its two tables are no longer reached
      {std::string(ns::csvw) + "Table", std::string(ns::dct) + "title",
       "dcat:Dataset/healthdcatap:hasVariables[0]/csvw:table[0]/dct:title", 2},
      {std::string(ns::csvw) + "Column", std::string(ns::csvw) + "name",
       "dcat:Dataset/healthdcatap:hasVariables[0]/csvw:table[0]/csvw:column[0]/csvw:name", 3},
      {std::string(ns::csvw) + "Column", std::string(ns::csvw) + "datatype",
       "dcat:Dataset/healthdcatap:hasVariables[0]/csvw:table[0]/csvw:column[0]/csvw:datatype", 3},
      {std::string(ns::foaf) + "Agent", std::string(ns::foaf) + "name", "/foaf:name", 3},
      {std::string(ns::cv) + "ContactPoint", std::string(ns::cv) + "email", "/(cv:email or cv:contactPage)", 2},
      {std::string(ns::vcard) + "Kind", std::string(ns::vcard) + "hasEmail",
       "dcat:Dataset/dcat:contactPoint[0]/(vcard:hasEmail or vcard:hasURL)", 1},
  }));
  INFO(n.of_class + " " + n.predicate);
  auto const report = r8_rules().check(without(turtle(fixture("registry.ttl")), n.of_class, n.predicate));
  INFO(to_text(report));
  auto const found = violations(report);
  bool named = false;
  for (finding const& f : found) named = named || f.path == n.path || (n.path[0] == '/' && f.path.ends_with(n.path));
  CHECK(named);
  if (n.predicate != std::string(ns::csvw) + "table") CHECK(found.size() == n.times);
}

TEST_CASE("Variables are mandatory once the dataset has structured data") {
  auto const poor = without(turtle(fixture("registry.ttl")), std::string(ns::dcat) + "Dataset",
                            std::string(ns::health) + "hasVariables");
  auto const found = violations(r8_rules().check(poor));
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "dcat.required_if");
  CHECK(found[0].path == "dcat:Dataset/healthdcatap:hasVariables");
  CHECK(found[0].detail.find("healthdcatap:hasStructuredData is true") != std::string::npos);
}
