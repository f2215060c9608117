// The grammars of RDF case by case: the files beside this one hold the texts.
#include "case_file.hpp"

#include "../packs.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/write.hpp"

using namespace ehds;
using namespace ehds::dcat;
using ehds::tests::read_cases;
using ehds::tests::written_case;

namespace {

std::string const folder = std::string(EHDS_TEST_DIR) + "/rdf/cases/";

graph triples_of(written_case const& c) {
  auto read = read_rdf(c.text("triples"), syntax::ntriples);
  if (!read) FAIL(to_text(read.error()));
  return *std::move(read);
}

void check_refusal(written_case const& c, result<graph> const& read) {
  auto const expected = c.line_of("problem");
  CHECK_FALSE(read);
  if (read) return;
  INFO(to_text(read.error()));
  auto const code = expected.substr(0, expected.find(' '));
  // "rdf" alone: any of the reader's codes will do.
  if (code == "rdf") {
    CHECK(read.error().code.starts_with("rdf."));
  } else {
    CHECK(read.error().code == code);
  }
  if (code.size() < expected.size())
    CHECK((read.error().where + ",").starts_with(expected.substr(code.size() + 1) + ","));
  CHECK(read.error().detail.ends_with("."));
}

void check_reading(written_case const& c, syntax as) {
  INFO(c.title + " (line " + std::to_string(c.line) + ")");
  auto const read = read_rdf(c.text(std::string(as == syntax::trig       ? "trig"
                                                : as == syntax::ntriples ? "ntriples"
                                                : as == syntax::rdfxml   ? "rdfxml"
                                                                         : "turtle")),
                             as);
  if (c.has("problem")) return check_refusal(c, read);
  if (!read) FAIL_CHECK(to_text(read.error()));
  if (!read) return;
  CHECK(canonical_ntriples(*read) == canonical_ntriples(triples_of(c)));
  auto const again = read_rdf(write_turtle(*read), syntax::turtle);
  if (!again) FAIL_CHECK(to_text(again.error()) + "\n" + write_turtle(*read));
  if (again) CHECK(canonical_hash(*again) == canonical_hash(*read));
}

}  // namespace

TEST_CASE("Every good Turtle text becomes its triples, and again after it was written by us") {
  for (auto const& c : read_cases(folder + "turtle_good.cases")) check_reading(c, syntax::turtle);
}

TEST_CASE("Every bad Turtle text is refused with its code and its line") {
  for (auto const& c : read_cases(folder + "turtle_bad.cases")) check_reading(c, syntax::turtle);
}

TEST_CASE("N-Triples and TriG are what their grammars say and no more") {
  for (auto const& c : read_cases(folder + "ntriples_trig.cases"))
    check_reading(c, c.has("trig") ? syntax::trig : syntax::ntriples);
}

TEST_CASE("Every construct of RDF/XML becomes its triples or is refused with its line") {
  for (auto const& c : read_cases(folder + "rdfxml.cases")) check_reading(c, syntax::rdfxml);
}

TEST_CASE("A text that is cut anywhere is refused or is a smaller graph, never a wrong one") {
  for (auto const& c : read_cases(folder + "turtle_good.cases")) {
    auto const text = c.text("turtle");
    auto const whole = read_rdf(text, syntax::turtle);
    if (!whole) continue;
    INFO(c.title);
    for (std::size_t size = 0; size < text.size(); ++size) {
      auto const part = read_rdf(text.substr(0, size), syntax::turtle);
      if (part) CHECK(part->size() <= whole->size());
    }
  }
}
