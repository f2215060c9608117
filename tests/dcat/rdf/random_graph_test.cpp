// Random graphs: every syntax gives back what was written, and a graph's identity does not depend on labels or order.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/rdf/write_plan.hpp"

using namespace ehds;
using namespace ehds::dcat;

namespace {

using statement = std::array<term, 3>;

class maker {
 public:
  explicit maker(unsigned seed) : chance_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(chance_); }

  term any_literal() {
    static std::vector<std::string> const texts{
        "",     "plain", "with \"quotes\" and \\", "line\nbreak\r\ttab", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
        "<&>'", " ]]> "};
    auto const& text = texts[below(texts.size())];
    switch (below(4)) {
      case 0:
        return literal(text, "en");
      case 1:
        return literal(text, "fr-be");
      case 2:
        return typed_literal(text, "http://e/type");
      default:
        return literal(text);
    }
  }

  term name() { return iri("http://e/n" + std::to_string(below(6))); }
  std::string property() { return "http://e/p" + std::to_string(below(4)); }

  // A forest as records are: named nodes, blank nodes below them, sometimes shared or in a list.
  std::vector<statement> forest() {
    std::vector<statement> made;
    std::vector<term> nodes;
    for (std::size_t i = 0; i < 2 + below(4); ++i) nodes.push_back(name());
    auto const size = 5 + below(30);
    for (std::size_t i = 0; i < size; ++i) {
      auto const subject = nodes[below(nodes.size())];
      switch (below(4)) {
        case 0:
          made.push_back({subject, iri(property()), name()});
          break;
        case 1: {
          nodes.push_back(blank("b" + std::to_string(i)));
          made.push_back({subject, iri(property()), nodes.back()});
          break;
        }
        default:
          made.push_back({subject, iri(property()), any_literal()});
      }
    }
    return made;
  }

  std::vector<statement> relabelled(std::vector<statement> all) {
    auto const salt = std::to_string(below(1000));
    for (statement& s : all)
      for (term& t : s)
        if (t.is_blank())
          t.value = "x" + salt + std::to_string((std::hash<std::string>{}(t.value) * 31) % 100'003) + t.value;
    std::shuffle(all.begin(), all.end(), chance_);
    return all;
  }

 private:
  std::mt19937 chance_;
};

graph built(std::vector<statement> const& all) {
  graph_builder made;
  for (statement const& s : all) made.add(s[0], s[1], s[2]);
  return std::move(made).build();
}

}  // namespace

TEST_CASE("Random graphs come back from every syntax that is read") {
  auto const seed = GENERATE(range(0U, 60U));
  auto const g = built(maker(seed).forest());
  for (auto const s : {syntax::turtle, syntax::ntriples, syntax::trig, syntax::rdfxml}) {
    auto const text = write_rdf(g, s).value();
    INFO(text);
    auto const again = read_rdf(text, s);
    if (!again) FAIL(to_text(again.error()));
    CHECK(canonical_ntriples(*again) == canonical_ntriples(g));
  }
}

TEST_CASE("Labels and order change neither hash nor text") {
  auto const seed = GENERATE(range(100U, 160U));
  maker make(seed);
  auto const all = make.forest();
  auto const one = built(all);
  auto const other = built(make.relabelled(all));
  CHECK(canonical_hash(one) == canonical_hash(other));
  CHECK(write_turtle(one) == write_turtle(other));
  CHECK(write_rdfxml(one).value() == write_rdfxml(other).value());
  CHECK(write_jsonld(one) == write_jsonld(other));
}

TEST_CASE("One changed triple changes the hash") {
  auto const seed = GENERATE(range(200U, 230U));
  maker make(seed);
  auto all = make.forest();
  auto const before = canonical_hash(built(all));
  all[make.below(all.size())][2] = literal("something that was not there");
  CHECK(canonical_hash(built(all)) != before);
}

TEST_CASE("A graph answers who is about, who points, who is what") {
  auto const seed = GENERATE(range(300U, 310U));
  auto const all = maker(seed).forest();
  auto const g = built(all);
  for (statement const& s : all) {
    auto const subject = g.find(s[0]);
    auto const object = g.find(s[2]);
    REQUIRE(subject);
    REQUIRE(object);
    CHECK(g.has(*subject, s[1].value, s[2]));
    auto const points = [&](triple const& t) { return t.subject == *subject && g[t.predicate] == s[1]; };
    auto const pointing = g.pointing_at(*object);
    CHECK(std::any_of(pointing.begin(), pointing.end(), points));
    CHECK(std::is_sorted(g.triples().begin(), g.triples().end()));
  }
  CHECK_FALSE(g.find(literal("nowhere")));
  CHECK_FALSE(g.find_iri("http://nowhere/"));
  CHECK_FALSE(g.find_iri(""));
}

TEST_CASE("Hostile shapes of graphs are written in little time and space") {
  auto const kind = GENERATE(0, 1, 2, 3);
  graph_builder made;
  constexpr int n = 3'000;
  auto const rdf_ns = std::string("http://www.w3.org/1999/02/22-rdf-syntax-ns#");
  made.add(iri("http://e/s"), "http://e/p", blank("0"));
  for (int i = 0; i < n; ++i) {
    auto const here = blank(std::to_string(i));
    auto const next = blank(std::to_string(i + 1));
    if (kind == 0) made.add(here, "http://e/p", next);                            // a chain
    if (kind == 1) made.add(iri("http://e/s"), "http://e/p", here);               // a broom
    if (kind == 2) made.add(here, rdf_ns + "rest", next);                         // a list without members
    if (kind == 3) made.add(here, "http://e/p", i + 1 == n ? blank("1") : next);  // a circle
  }
  auto const g = std::move(made).build();
  for (auto const s : {syntax::turtle, syntax::rdfxml}) {
    auto const again = read_rdf(write_rdf(g, s).value(), s);
    if (!again) FAIL(to_text(again.error()));
    CHECK(again->size() == g.size());
  }
  CHECK_FALSE(write_jsonld(g).empty());
}

TEST_CASE("A long list survives RDF/XML, which has no short form for its literals") {
  std::string text = "<http://e/s> <http://e/p> (";
  for (int i = 0; i < 500; ++i) text += " " + std::to_string(i);
  auto const g = read_rdf(text + " ) .", syntax::turtle).value();
  auto const again = read_rdf(write_rdfxml(g).value(), syntax::rdfxml);
  if (!again) FAIL(to_text(again.error()));
  CHECK(canonical_hash(*again) == canonical_hash(g));
}

TEST_CASE("Names are split where XML allows") {
  struct split_case {
    char const* iri;
    char const* local;
  };
  auto const c = GENERATE(values<split_case>({{"http://e/abc", "abc"},
                                              {"http://e#a-1", "a-1"},
                                              {"http://e/1abc", "abc"},
                                              {"http://e/a.b", "b"},
                                              {"urn:x:y", "y"},
                                              {"http://e/_x", "_x"}}));
  INFO(c.iri);
  auto const split = split_at_name(c.iri);
  REQUIRE(split);
  CHECK(split->local == c.local);
  CHECK(std::string(split->space) + std::string(split->local) == c.iri);
}

TEST_CASE("Some names cannot be split") {
  for (auto const* whole : {"http://e/", "http://e/123", "http://e/a%20", "", "abc"}) {
    INFO(whole);
    CHECK_FALSE(split_at_name(whole));
  }
}
