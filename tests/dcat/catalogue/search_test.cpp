#include "dcat/catalogue/search.hpp"

#include <catch2/catch.hpp>

using namespace ehds::dcat;

namespace {

struct made_record {
  std::string key, title, keyword, level, country;
  std::vector<std::string> variables;
};

search_entry entry(made_record const& from) {
  auto record = std::make_shared<dataset_record>();
  record->iri = from.key;
  record->titles = {{"en", from.title}};
  record->keywords = {{"en", from.keyword}};
  record->access_level = from.level;
  record->countries = {"http://publications.europa.eu/resource/authority/country/" + from.country};
  record->variable_count = from.variables.size();
  auto variables = std::make_shared<variable_set>();
  variables->tables.push_back({"", "", {{"en", "Main table"}}, {}, {}});
  for (auto const& name : from.variables) variables->tables[0].columns.push_back({name, {}, {}, "string", ""});
  return {from.key, from.country, record, variables};
}

std::vector<search_entry> registers() {
  return {entry({"d:1", "Cancer registry", "tumour", "NON_PUBLIC", "FRA", {"smoking_status", "diagnosis_date"}}),
          entry({"d:2", "Diabetes registry", "insulin", "NON_PUBLIC", "FIN", {"hba1c", "smoking"}}),
          entry({"d:3", "Naissances et décès", "births", "PUBLIC", "FRA", {}}),
          entry({"d:4", "Cancer screening programme", "breast", "RESTRICTED", "DNK", {"diagnosis_code"}}),
          entry({"d:5", "Prescriptions", "cancer medicines", "NON_PUBLIC", "DNK", {"atc", "dispensing_date"}})};
}

std::vector<std::string> keys(search_answer const& answer) {
  std::vector<std::string> out;
  for (auto const& hit : answer.hits) out.push_back(hit.entry.key);
  return out;
}

std::size_t count(search_answer const& answer, std::string const& facet_name, std::string const& value) {
  for (auto const& f : answer.facets)
    if (f.name == facet_name)
      for (auto const& v : f.values)
        if (v.value == value) return v.count;
  return 0;
}

using strings = std::vector<std::string>;

}  // namespace

TEST_CASE("Words are found without case and accents, the last one by its beginning, titles first") {
  search_index index;
  index.put(registers());
  auto const s = index.snapshot();
  CHECK(s->size() == 5);
  CHECK(keys(s->find({.text = "cancer"})).back() == "d:5");
  CHECK(s->find({.text = "cancer"}).total == 3);
  CHECK(keys(s->find({.text = "DECES"})) == strings{"d:3"});
  CHECK(keys(s->find({.text = "cancer scree"})) == strings{"d:4"});
  CHECK(keys(s->find({.text = "canc scree"})).empty());  // only the last word may be cut
  CHECK(keys(s->find({.text = "hba1c"})) == strings{"d:2"});
  CHECK(s->find({.text = "main table"}).total == 5);
  CHECK(s->find({.text = "nothing like this"}).total == 0);
}

TEST_CASE("Without words all records are listed by title, page by page") {
  search_index index;
  index.put(registers());
  auto const s = index.snapshot();
  CHECK(keys(s->find({})) == strings{"d:1", "d:4", "d:2", "d:3", "d:5"});
  CHECK(keys(s->find({.offset = 1, .limit = 2})) == strings{"d:4", "d:2"});
  CHECK(keys(s->find({.offset = 4, .limit = 2})) == strings{"d:5"});
  CHECK(keys(s->find({.offset = 5, .limit = 2})).empty());
  CHECK(s->find({.offset = 5, .limit = 2}).total == 5);
  CHECK(keys(s->find({.limit = 0})).empty());
}

TEST_CASE("A facet counts what its own filter would hide") {
  search_index index;
  index.put(registers());
  auto const s = index.snapshot();
  auto const all = s->find({});
  CHECK(count(all, "access_level", "NON_PUBLIC") == 3);
  CHECK(count(all, "origin", "FRA") == 2);
  CHECK(count(all, "has_variables", "false") == 1);
  auto const filtered = s->find({.filters = {{"access_level", {"NON_PUBLIC"}}, {"origin", {"FRA", "DNK"}}}});
  CHECK(keys(filtered) == strings{"d:1", "d:5"});
  CHECK(count(filtered, "access_level", "PUBLIC") == 1);  // d:3, of FRA
  CHECK(count(filtered, "origin", "FIN") == 1);           // d:2, NON_PUBLIC
  CHECK(count(filtered, "has_variables", "true") == 2);
  CHECK(s->find({.filters = {{"origin", {"ESP"}}}}).total == 0);
}

TEST_CASE("Datasets are found by a variable, and the variable is named") {
  search_index index;
  index.put(registers());
  auto const s = index.snapshot();
  auto const smoking = s->find({.variable = "smok"});
  CHECK(keys(smoking) == strings{"d:1", "d:2"});
  REQUIRE(smoking.hits[0].variables.size() == 1);
  CHECK(smoking.hits[0].variables[0].column == 0);
  CHECK(keys(s->find({.variable = "diagnosis date"})) == strings{"d:1"});  // in one variable, not in two
  CHECK(keys(s->find({.text = "registry", .variable = "smoking"})).size() == 2);
  CHECK(s->find({.text = "cancer diagnosis"}).hits[0].variable_total == 1);
}

TEST_CASE("Years and sizes narrow the search") {
  search_index index;
  auto with_period = [](std::string key, std::string from, std::string to, std::uint64_t people) {
    auto made = entry({std::move(key), "Register", "", "PUBLIC", "FRA", {}});
    auto record = *made.record;
    record.period_start = std::move(from);
    record.period_end = std::move(to);
    record.number_of_individuals = people;
    made.record = std::make_shared<dataset_record const>(record);
    return made;
  };
  index.put({with_period("old", "1970-01-01", "1999-12-31", 10), with_period("running", "1990", "", 1000),
             with_period("unknown", "", "", 0)});
  auto const s = index.snapshot();
  CHECK(keys(s->find({.covers_year = 1995})) == strings{"old", "running"});
  CHECK(keys(s->find({.covers_year = 2020})) == strings{"running"});
  CHECK(keys(s->find({.min_individuals = 100})) == strings{"running"});
}

TEST_CASE("A snapshot keeps what it had when records are replaced and removed") {
  search_index index;
  index.put(registers());
  auto const before = index.snapshot();
  index.put({entry({"d:1", "Tumour registry", "", "PUBLIC", "FRA", {}})});
  index.erase("d:4");
  auto const after = index.snapshot();
  CHECK(before->find({.text = "cancer registry"}).total == 1);
  CHECK(after->find({.text = "cancer registry"}).total == 0);
  CHECK(keys(after->find({.text = "tumour registry"})) == strings{"d:1"});
  CHECK(after->size() == 4);
  CHECK(after->get("d:1")->record->access_level == "PUBLIC");
  CHECK_FALSE(after->get("d:4"));
  CHECK(before->get("d:4"));
  index.erase("unknown");
  CHECK(index.snapshot()->size() == 4);
}

TEST_CASE("Many single changes end in the same index as one load") {
  search_index one_by_one;
  std::vector<search_entry> all;
  for (int i = 0; i < 200; ++i) {
    auto const key = "d:" + std::to_string(i % 150);
    auto made = entry({key, "Register number " + std::to_string(i), i % 2 == 0 ? "even" : "odd", "PUBLIC", "FRA", {}});
    one_by_one.put({made});
    all.push_back(made);
  }
  search_index at_once;
  at_once.put(all);
  auto const a = one_by_one.snapshot();
  auto const b = at_once.snapshot();
  CHECK(a->size() == 150);
  CHECK(b->size() == 150);
  for (auto const* text : {"", "register", "even", "number 19", "160"}) {
    INFO(text);
    CHECK(a->find({.text = text}).total == b->find({.text = text}).total);
    CHECK(keys(a->find({.text = text, .order = search_order::title})) ==
          keys(b->find({.text = text, .order = search_order::title})));
  }
}
