#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "shared_samples.hpp"

using namespace ehds::dcat;

namespace {

struct turtle_case {
  std::string text;
  std::string lines;  // canonical N-Triples
};

std::string const ex = "@prefix ex: <http://e/> .\n";

}  // namespace

TEST_CASE("Turtle becomes the triples its grammar says") {
  auto const good = GENERATE(values<turtle_case>({
      {"", ""},
      {"# only a comment", ""},
      {"<http://e/s> <http://e/p> <http://e/o> .", "<http://e/s> <http://e/p> <http://e/o> .\n"},
      {ex + "ex:s a ex:C .", "<http://e/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n"},
      {"PREFIX ex: <http://e/>\nex:s ex:p 'x'.", "<http://e/s> <http://e/p> \"x\" .\n"},
      {"BASE <http://e/a/>\n<b> <../p> <#f> .", "<http://e/a/b> <http://e/p> <http://e/a/#f> .\n"},
      {ex + "ex:s ex:p \"a\"@EN-GB .", "<http://e/s> <http://e/p> \"a\"@en-gb .\n"},
      {ex + "ex:s ex:p true, 1 , 1.5 .",
       "<http://e/s> <http://e/p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"
       "<http://e/s> <http://e/p> \"1.5\"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n"
       "<http://e/s> <http://e/p> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n"},
      {ex + "ex:s ex:p \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .", "<http://e/s> <http://e/p> \"x\" .\n"},
      {ex + "ex:s ex:p \"\"\"a \"quoted\"\nline\"\"\" .", "<http://e/s> <http://e/p> \"a \\\"quoted\\\"\\nline\" .\n"},
      {ex + "ex:s ex:p \"\\u00e9 \\t\" .", "<http://e/s> <http://e/p> \"\xC3\xA9 \\t\" .\n"},
      {ex + "ex:s ex:p [ ex:q ex:o ] .", "<http://e/s> <http://e/p> _:n0 .\n_:n0 <http://e/q> <http://e/o> .\n"},
      {ex + "ex:s ex:p [] ; ex:q [] .", "<http://e/s> <http://e/p> _:n0 .\n<http://e/s> <http://e/q> _:n1 .\n"},
      {ex + "ex:s ex:p () .", "<http://e/s> <http://e/p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n"},
      {ex + "ex:s ex:p (ex:a) .",
       "<http://e/s> <http://e/p> _:n0 .\n"
       "_:n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://e/a> .\n"
       "_:n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n"},
      {"@prefix : <http://e/> . :s :p :o ; .", "<http://e/s> <http://e/p> <http://e/o> .\n"},
      {ex + "ex:s ex:p ex:a\\-b , ex:a%20b .",
       "<http://e/s> <http://e/p> <http://e/a%20b> .\n<http://e/s> <http://e/p> <http://e/a-b> .\n"},
      {"\xEF\xBB\xBF<http://e/s> <http://e/p> '# no comment' .", "<http://e/s> <http://e/p> \"# no comment\" .\n"},
  }));
  INFO(good.text);
  auto const read = read_rdf(good.text, syntax::turtle);
  if (!read) FAIL(to_text(read.error()));
  CHECK(canonical_ntriples(*read) == good.lines);
}

TEST_CASE("The official Release 8 example survives every syntax we write", "[samples]") {
  auto const path = ehds::tests::shared_sample("healthdcat-ap/examples/official-r8/example-healthdcat-dataset.ttl");
  if (!path) return;
  std::ifstream file(*path);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  auto const record = read_rdf(text, syntax::turtle);
  REQUIRE(record);
  for (auto const s : {syntax::turtle, syntax::ntriples, syntax::rdfxml}) {
    auto const written = write_rdf(*record, s);
    REQUIRE(written);
    auto const again = read_rdf(*written, s);
    if (!again) FAIL(to_text(again.error()));
    CHECK(canonical_hash(*again) == canonical_hash(*record));
  }
}
