#include <catch2/catch.hpp>

#include "../packs.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/turtle_read.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::dcat;

namespace {

struct bad_case {
  std::string text;
  std::string code;
  std::string where;  // its beginning
};

std::string repeated(std::string const& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("Bad Turtle is refused with its place") {
  auto const bad = GENERATE(values<bad_case>({
      {"<http://e/s> <http://e/p> .", "rdf.syntax", "line 1, column 27"},
      {"<http://e/s> <http://e/p> <http://e/o>", "rdf.syntax", "line 1"},
      {"\n\n<http://e/s> <http://e/p> \"open .\n", "rdf.syntax", "line 3"},
      {"@prefix e: <http://e/> .\ne:s e:p e:o e:x .", "rdf.syntax", "line 2"},
      {"<http://e/s> \"p\" <http://e/o> .", "rdf.syntax", "line 1"},
      {"\"s\" <http://e/p> <http://e/o> .", "rdf.syntax", "line 1"},
      {"<http://e/s> a [ .", "rdf.syntax", "line 1"},
      {"<http://e/s> a ( <http://e/a> .", "rdf.syntax", "line 1"},
      {"@prefix e: <http://e/>\ne:s a e:C .", "rdf.syntax", "line 2"},
      {"<http://e/s> <http://e/p> 'a'@ .", "rdf.syntax", "line 1"},
      {"<http://e/s> <http://e/p> 'a\\q' .", "rdf.syntax", "line 1"},
      {"<http://e/a b> a <http://e/C> .", "rdf.syntax", "line 1"},
      {"ex:s a ex:C .", "rdf.unknown_prefix", "line 1, column"},
      {"@prefix ex: <http://e/> .\nex:s dct:title 'x' .", "rdf.unknown_prefix", "line 2, column"},
      {"<s> a <http://e/C> .", "rdf.relative_iri", "line 1"},
      {"@prefix e: <relative/> .", "rdf.relative_iri", "line 1"},
      {"@base <relative/> .", "rdf.relative_iri", "line 1"},
      {"<http://e/s> a <http://e/C> .\n\xC3(", "rdf.not_utf8", ""},
      {std::string("<http://e/s> a <http://e/C> .\0", 30), "rdf.syntax", "byte 29"},
      {"<http://e/s> <http://e/p> " + repeated("[ <http://e/p> ", 200), "rdf.too_deep", ""},
      {"<http://e/s> <http://e/p> " + repeated("( ", 200), "rdf.too_deep", ""},
  }));
  INFO(bad.text);
  auto const read = read_rdf(bad.text, syntax::turtle);
  REQUIRE_FALSE(read);
  INFO(to_text(read.error()));
  CHECK(read.error().code == bad.code);
  CHECK(read.error().where.substr(0, bad.where.size()) == bad.where);
  CHECK_FALSE(read.error().detail.empty());
}

TEST_CASE("Even a text that hides its brackets from the scan is stopped while it is read") {
  // The scan takes what follows "<" for an IRI; the parser must stop by itself.
  reading const how{"", 16U << 20U, 200'000, 50};
  for (std::string const& open : {std::string("[ <http://e/p> "), std::string("( ")}) {
    auto const text = "<http://e/s> <http://e/p> " + repeated(open, 100'000);
    CHECK(read_turtle(text, syntax::turtle, how).error().code == "rdf.too_deep");
  }
}

TEST_CASE("Nesting is counted outside of strings, IRIs and comments") {
  CHECK(nesting_of_turtle("[ ( [ ] ) ] [ ]") == 3);
  CHECK(nesting_of_turtle("\"[[[\" '((' # [[[[\n <http://e/[[>") == 0);
  CHECK(nesting_of_turtle("\"\"\" [ \" [ \"\" [ \"\"\" [") == 1);
  CHECK(nesting_of_turtle("\"a\\\"[[\" [") == 1);
  CHECK(nesting_of_turtle("e:a\\[\\( [") == 1);
  CHECK(nesting_of_turtle("] ) } [") == 1);
  CHECK(nesting_of_turtle("\"never closed [\n[") == 1);
  CHECK(nesting_of_turtle("\\") == 0);
}

TEST_CASE("Bytes and triples are limited") {
  std::string const two = "<http://e/s> <http://e/p> 1 , 2 .";
  CHECK(read_rdf(two, syntax::turtle, {"", 1000, 2, 10}));
  CHECK(read_rdf(two, syntax::turtle, {"", 1000, 1, 10}).error().code == "rdf.too_large");
  CHECK(read_rdf(two, syntax::turtle, {"", 10, 2, 10}).error().code == "rdf.too_large");
}

TEST_CASE("TriG graphs are merged and N-Triples read line by line") {
  auto const trig = read_rdf("@prefix e: <http://e/> . e:g { e:a e:p e:b } e:c e:p e:d .", syntax::trig);
  REQUIRE(trig);
  CHECK(trig->size() == 2);
  auto const nt = read_rdf("<http://e/a> <http://e/p> \"\\u00E9\"@fr .\n_:x <http://e/p> _:y .\n", syntax::ntriples);
  REQUIRE(nt);
  CHECK(nt->size() == 2);
  CHECK_FALSE(read_rdf("@prefix e: <http://e/> .", syntax::ntriples));
}

TEST_CASE("JSON-LD is not read") { CHECK(read_rdf("{}", syntax::jsonld).error().code == "rdf.unsupported"); }

TEST_CASE("Real invalid Turtle is refused, real valid Turtle is read", "[samples]") {
  auto const folder = ehds::tests::shared_sample("healthdcat-ap/examples");
  if (!folder) return;
  std::size_t read_count = 0;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".ttl") continue;
    auto const name = entry.path().filename().string();
    bool const known_bad = name == "example-bee-population-dataset-series-combined.ttl" || name == "dataset.ttl";
    INFO(entry.path().string());
    reading how;
    how.base_iri = "https://example.org/";
    auto const read = read_rdf(dcat::tests::file_text(entry.path().string()), syntax::turtle, how);
    if (!read) UNSCOPED_INFO(to_text(read.error()));
    CHECK(read.has_value() != known_bad);
    ++read_count;
  }
  CHECK(read_count >= 40);
}
