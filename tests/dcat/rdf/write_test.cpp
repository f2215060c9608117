#include "dcat/rdf/write.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "../packs.hpp"
#include "dcat/rdf/canonical.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

// EHDS_ACCEPT=1 writes what is made as the new golden file.
void check_golden(std::string const& name, std::string const& made) {
  auto const path = std::string(EHDS_TEST_DIR) + "/golden/" + name;
  if (std::getenv("EHDS_ACCEPT") != nullptr) {
    std::ofstream(path, std::ios::binary) << made;
    WARN("accepted " + name);
    return;
  }
  CHECK(made == file_text(path));
}

std::string const head = "@prefix e: <http://e/> . ";

}  // namespace

TEST_CASE("The record is written as the golden files show") {
  auto const g = turtle(fixture("registry.ttl"));
  check_golden("registry.ttl", write_turtle(g));
  check_golden("registry.rdf", write_rdfxml(g).value());
  check_golden("registry.jsonld", write_jsonld(g));
  check_golden("registry.nt", write_ntriples(g));
}

TEST_CASE("What is written reads back to the same graph, whatever is in it") {
  auto const text =
      GENERATE(as<std::string>(),  //
               "", "e:s e:p 'a\\n\\t\\r\\\\\"b' , '\\u0001'@fr , '\\U0001F600' .", "e:s e:p [ e:q [ e:r [] ] ] .",
               "e:s e:p _:a . e:t e:p _:a . _:a e:q 'x' .", "_:a e:p _:b . _:b e:p _:a .", "_:a e:p _:a .",
               "[] e:p [] , [] .", "e:s e:p ( 1 ( 2 3 ) [ e:q 4 ] ) .", "e:s e:p () .",
               "e:s e:p _:l . e:t e:p _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 .",
               "e:s e:p true , false , '1'^^<http://www.w3.org/2001/XMLSchema#boolean> , 1.5 , 1e3 .",
               "e:s <http://e/with/123> e:o .", "<http://e/a%20b> e:p <urn:x:y> , <mailto:a@b> .",
               "e:s a e:C , [ a e:D ] .", "e:s e:p ' leading and trailing ' , '  ' .");
  INFO(text);
  auto const g = turtle(head + text);
  for (auto const s : {syntax::turtle, syntax::ntriples}) {
    auto const written = write_rdf(g, s).value();
    INFO(written);
    auto const again = read_rdf(written, s);
    if (!again) FAIL(to_text(again.error()));
    CHECK(canonical_ntriples(*again) == canonical_ntriples(g));
  }
  auto const xml = write_rdfxml(g);
  if (!xml) {
    CHECK(xml.error().code == "rdf.unwritable");
    return;
  }
  INFO(*xml);
  auto const again = read_rdf(*xml, syntax::rdfxml);
  if (!again) FAIL(to_text(again.error()));
  CHECK(canonical_ntriples(*again) == canonical_ntriples(g));
}

TEST_CASE("RDF/XML says what it cannot write") {
  CHECK(write_rdfxml(turtle(head + "e:s <http://e/123> e:o .")).error().code == "rdf.unwritable");
  CHECK(write_rdfxml(turtle(head + "e:s e:p '\\u0001' .")).error().code == "rdf.unwritable");
  CHECK(write_rdfxml(turtle(head + "e:s e:p '\\uFFFE' .")).error().code == "rdf.unwritable");
}

TEST_CASE("Long chains of blank nodes are labelled instead of nested") {
  graph_builder chain;
  chain.add(iri("http://e/s"), "http://e/p", blank("0"));
  for (int i = 0; i < 5000; ++i) chain.add(blank(std::to_string(i)), "http://e/p", blank(std::to_string(i + 1)));
  auto const g = std::move(chain).build();
  auto const written = write_turtle(g);
  auto const again = read_rdf(written, syntax::turtle);
  if (!again) FAIL(to_text(again.error()));
  CHECK(again->size() == g.size());
  CHECK(write_jsonld(g).size() > 1000);
}

TEST_CASE("Long lists are written side by side") {
  std::string text = head + "e:s e:p (";
  for (int i = 0; i < 3000; ++i) text += " " + std::to_string(i);
  auto const g = turtle(text + ") .");
  auto const again = read_rdf(write_turtle(g), syntax::turtle);
  REQUIRE(again);
  CHECK(canonical_hash(*again) == canonical_hash(g));
}

TEST_CASE("JSON-LD names its context and nests what nests") {
  auto const g = turtle(fixture("registry.ttl"));
  auto const json = nlohmann::json::parse(write_jsonld(g));
  CHECK(json["@context"]["dcat"] == "http://www.w3.org/ns/dcat#");
  CHECK(json["@context"].contains("hydra") == false);
  auto const& dataset = json["@graph"][0];
  CHECK(dataset["@id"] == "https://example.org/dataset/cancer");
  CHECK(dataset["@type"] == "dcat:Dataset");
  CHECK(dataset["healthdcatap:hasStructuredData"] == true);
  CHECK(dataset["healthdcatap:hdab"]["cv:contactPoint"]["cv:email"] == "hdab@example.org");
  CHECK(dataset["dct:title"][0]["@language"] == "en");
}

TEST_CASE("Equal graphs have equal hashes and texts") {
  auto const one = turtle(head + "e:s e:p [ e:q 'x' ; e:r e:o ] , [ e:q 'y' ] .");
  auto const other = turtle(head + "_:k e:q 'y' . e:s e:p _:z , _:k . _:z e:r e:o ; e:q 'x' .");
  CHECK(canonical_hash(one) == canonical_hash(other));
  CHECK(write_turtle(one) == write_turtle(other));
  CHECK(write_rdfxml(one).value() == write_rdfxml(other).value());
  CHECK(write_jsonld(one) == write_jsonld(other));
  CHECK(canonical_hash(one) != canonical_hash(turtle(head + "e:s e:p [ e:q 'x' ; e:r e:o ] , [ e:q 'z' ] .")));
  // One shared node is not two equal ones.
  CHECK(canonical_hash(turtle(head + "e:s e:p _:a . e:t e:p _:a . _:a e:q 'x' .")) !=
        canonical_hash(turtle(head + "e:s e:p _:a . e:t e:p _:b . _:a e:q 'x' . _:b e:q 'x' .")));
  // Twins keep their own children.
  CHECK(canonical_hash(turtle(head + "e:s e:p _:a , _:b . _:a e:q _:c . _:b e:q _:d . _:c e:r 1 . _:d e:r 1 .")) ==
        canonical_hash(turtle(head + "e:s e:p _:b , _:a . _:a e:q _:x . _:b e:q _:k . _:x e:r 1 . _:k e:r 1 .")));
}

TEST_CASE("Syntaxes are known by name, media type and first bytes") {
  CHECK(syntax_of_file("a/b.TTL") == syntax::turtle);
  CHECK(syntax_of_file("x.rdf") == syntax::rdfxml);
  CHECK(syntax_of_file("x.xml") == syntax::rdfxml);
  CHECK(syntax_of_file("x.jsonld") == syntax::jsonld);
  CHECK_FALSE(syntax_of_file("x.pdf"));
  CHECK_FALSE(syntax_of_file("x"));
  CHECK(syntax_of_media_type("text/turtle; charset=utf-8") == syntax::turtle);
  CHECK(syntax_of_media_type("APPLICATION/RDF+XML") == syntax::rdfxml);
  CHECK_FALSE(syntax_of_media_type("text/html"));
  CHECK(media_type(syntax::ntriples) == "application/n-triples");
  CHECK(file_suffix(syntax::trig) == "trig");
  CHECK(guess_syntax("\n <?xml version='1.0'?>") == syntax::rdfxml);
  CHECK(guess_syntax("<rdf:RDF xmlns:rdf='x'>") == syntax::rdfxml);
  CHECK(guess_syntax("<http://e/s> a <http://e/C> .") == syntax::turtle);
  CHECK(guess_syntax("{\"@id\": 1}") == syntax::jsonld);
  CHECK(guess_syntax("@prefix a: <b> .") == syntax::turtle);
  CHECK(guess_syntax("") == syntax::turtle);
}
