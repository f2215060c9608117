// Every property of a dataset, at every access level, spoiled in every way: exactly these findings come on top of
// what the record had before. The golden file is the rule book of Release 8 as its readers meet it.
#include <map>
#include <set>

#include "../packs.hpp"
#include "golden_file.hpp"

using namespace ehds;
using namespace ehds::dcat;
using namespace ehds::dcat::tests;

namespace {

std::string const subject = "https://example.org/dataset/cancer";

graph record_at(access_level const& level) {
  auto text = fixture("registry.ttl");
  auto const non_public = r8().levels.back().iri;
  auto const at = text.find(non_public);
  REQUIRE(at != std::string::npos);
  return turtle(text.replace(at, non_public.size(), level.iri));
}

struct spoiling {
  std::string name;
  std::string values;  // Turtle of the property's new values; empty: removed
};

std::vector<spoiling> const spoilings{
    {"removed", ""},
    {"a text", "\"text\""},
    {"a text of a language", "\"text\"@en"},
    {"two texts", "\"one\" , \"two\""},
    {"a number", "-1"},
    {"an impossible day", "\"2020-02-30\"^^<http://www.w3.org/2001/XMLSchema#date>"},
    {"an IRI of nowhere", "<http://example.org/nowhere>"},
    {"two IRIs", "<http://example.org/1> , <http://example.org/2>"},
    {"an empty node", "[]"},
};

graph spoiled(graph const& good, property_rule const& rule, spoiling const& how) {
  graph_builder made;
  for (triple const& t : good.triples()) {
    bool const removed = good[t.subject].value == subject && good[t.predicate].value == rule.path;
    if (!removed) made.add(good[t.subject], good[t.predicate], good[t.object]);
  }
  if (how.values.empty()) return std::move(made).build();
  auto const added = turtle("<" + subject + "> <" + rule.path + "> " + how.values + " .");
  for (triple const& t : added.triples()) {
    auto const& object = added[t.object];
    made.add(added[t.subject], added[t.predicate], object.is_blank() ? blank("added") : object);
  }
  return std::move(made).build();
}

std::multiset<std::string> told(validation_report const& report) {
  std::multiset<std::string> lines;
  for (finding const& f : report.findings)
    lines.insert(std::string(name_of(f.level)) + " " + f.code + " " + f.path.substr(f.path.find('/') + 1));
  return lines;
}

std::string changes(std::multiset<std::string> const& before, std::multiset<std::string> const& after) {
  std::string out;
  auto rest = before;
  for (auto const& line : after) {
    if (auto const same = rest.find(line); same != rest.end()) {
      rest.erase(same);
    } else {
      out += "    " + line + "\n";
    }
  }
  return out;
}

}  // namespace

TEST_CASE("Every property spoiled in every way at every access level gives exactly the agreed findings") {
  std::string now;
  std::map<std::string, std::string> first;  // level: what differs from it is written, the rest is the same
  for (auto const& level : r8().levels) {
    auto const good = record_at(level);
    auto const before = told(r8_rules().check(good));
    now += "== " + level.name + "\n";
    for (property_rule const& rule : r8().find_shape("Dataset")->properties) {
      std::string all;
      for (spoiling const& how : spoilings) {
        auto const report = r8_rules().check(spoiled(good, rule, how));
        auto const found = changes(before, told(report));
        if (!found.empty()) all += "  " + how.name + "\n" + found;
        CHECK(report.conforms == (report.count(severity::violation) == 0));
      }
      auto const is_new = first.emplace(rule.path, all).first->second != all || &level == &r8().levels.front();
      if (is_new) now += r8().short_name(rule.path) + "\n" + all;
    }
  }
  ehds::tests::check_golden(std::string(EHDS_TEST_DIR) + "/golden/property_matrix.txt", now);
}

TEST_CASE("Every finding of a spoiled record says in one sentence what is wrong and how to mend it") {
  auto const good = record_at(r8().levels.back());
  for (property_rule const& rule : r8().find_shape("Dataset")->properties) {
    for (spoiling const& how : spoilings) {
      auto const report = r8_rules().check(spoiled(good, rule, how));
      INFO(rule.path + " " + how.name);
      for (finding const& f : report.findings) {
        CHECK(f.detail.ends_with("."));
        CHECK_FALSE(f.mend.empty());
        CHECK(f.path.find(':') != std::string::npos);
        CHECK(f.detail.find('\n') == std::string::npos);
      }
    }
  }
}

TEST_CASE("A mandatory property that is removed is one violation and nothing else changes for the better") {
  for (std::size_t level = 0; level < r8().levels.size(); ++level) {
    auto const good = record_at(r8().levels[level]);
    auto const before = r8_rules().check(good);
    for (property_rule const& rule : r8().find_shape("Dataset")->properties) {
      if (rule.needs[level] != need::mandatory || rule.path == r8().level_property) continue;
      INFO(r8().levels[level].name + " " + rule.path);
      auto const after = r8_rules().check(spoiled(good, rule, spoilings.front()));
      CHECK(after.count(severity::violation) == before.count(severity::violation) + 1);
      CHECK(after.access_level == r8().levels[level].name);
    }
  }
}
