// All facets, years, sizes and orders against a search that looks at every record.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/words.hpp"

using namespace ehds::dcat;

namespace {

class facet_corpus {
 public:
  explicit facet_corpus(unsigned seed) : chance_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(chance_); }
  std::string one(std::string const& of) { return of + ":" + std::to_string(below(4)); }
  std::vector<std::string> some(std::string const& of) {
    std::vector<std::string> out;
    for (std::size_t i = below(4); i > 0; --i) out.push_back(one(of));
    return out;
  }
  std::string year() { return below(4) == 0 ? "" : std::to_string(1990 + below(20)) + (below(2) == 0 ? "-06-30" : ""); }

  search_entry entry(std::size_t number) {
    auto r = std::make_shared<dataset_record>();
    r->iri = "d:" + std::to_string(number);
    std::array<std::string, 5> const titles{"Éclair", "eclipse", "Zebra", "alpha", "ALPHA"};
    r->titles = {{"en", titles[below(titles.size())]}};
    r->access_level = one("level");
    r->health_categories = some("category");
    r->health_themes = some("topic");
    r->themes = some("theme");
    r->coding_systems = some("system");
    r->standards = some("standard");
    r->hdab = agent{one("hdab"), {}, "", "", ""};
    r->publisher = agent{below(3) == 0 ? "" : one("publisher"), {}, "", "", ""};
    r->countries = some("country");
    r->languages = some("language");
    r->types = some("type");
    r->variable_count = below(2);
    r->trusted_data_holder = below(2) == 0;
    r->period_start = year();
    r->period_end = year();
    if (below(3) != 0) r->number_of_individuals = below(1000);
    r->issued = below(3) == 0 ? "" : "20" + std::to_string(10 + below(15)) + "-01-01";
    r->modified = below(3) == 0 ? "" : "20" + std::to_string(10 + below(15)) + "-01-01";
    return {r->iri, one("origin"), r, nullptr};
  }

 private:
  std::mt19937 chance_;
};

std::vector<std::string> facet_values_of(search_entry const& e, std::string_view facet) {
  auto const& r = *e.record;
  auto const text = [](bool b) { return std::vector<std::string>{b ? "true" : "false"}; };
  auto const only = [](std::string const& s) { return s.empty() ? std::vector<std::string>{} : std::vector{s}; };
  if (facet == "access_level") return only(r.access_level);
  if (facet == "health_category") return r.health_categories;
  if (facet == "health_theme") return r.health_themes;
  if (facet == "theme") return r.themes;
  if (facet == "coding_system") return r.coding_systems;
  if (facet == "standard") return r.standards;
  if (facet == "hdab") return only(r.hdab.iri);
  if (facet == "publisher") return only(r.publisher.iri);
  if (facet == "country") return r.countries;
  if (facet == "language") return r.languages;
  if (facet == "type") return r.types;
  if (facet == "origin") return only(e.origin);
  if (facet == "has_variables") return text(r.variable_count > 0);
  return text(r.trusted_data_holder);
}

bool in_range(dataset_record const& r, search_query const& q) {
  // Who does not say how many counts as none: found only where none is enough.
  if (q.min_individuals && r.number_of_individuals.value_or(0) < *q.min_individuals) return false;
  if (!q.covers_year) return true;
  auto const wanted = std::to_string(*q.covers_year);
  if (r.period_start.empty() && r.period_end.empty()) return false;
  bool const begun = r.period_start.empty() || r.period_start.substr(0, 4) <= wanted;
  return begun && (r.period_end.empty() || r.period_end.substr(0, 4) >= wanted);
}

bool passes_facets(search_entry const& e, search_query const& q, std::string_view except) {
  if (!in_range(*e.record, q)) return false;
  for (auto const& [name, wanted] : q.filters) {
    if (name == except || wanted.empty()) continue;
    auto const own = facet_values_of(e, name);
    if (std::find_first_of(own.begin(), own.end(), wanted.begin(), wanted.end()) == own.end()) return false;
  }
  return true;
}

search_query query(facet_corpus& make, std::vector<search_entry> const& all) {
  search_query q;
  q.limit = 1000;
  for (std::size_t i = make.below(3); i > 0; --i) {
    auto const facet = facet_names[make.below(std::size(facet_names))];
    auto const own = facet_values_of(all[make.below(all.size())], facet);
    q.filters[std::string(facet)] = own.empty() ? std::vector<std::string>{"nothing"} : own;
  }
  if (make.below(3) == 0) q.covers_year = static_cast<int>(1988 + make.below(24));
  if (make.below(3) == 0) q.min_individuals = make.below(1000);
  return q;
}

}  // namespace

TEST_CASE("Every facet, year and size agrees with looking at every record") {
  auto const seed = GENERATE(range(0U, 8U));
  facet_corpus make(seed);
  std::vector<search_entry> all;
  search_index index;
  for (std::size_t i = 0; i < 60; ++i) {
    all.push_back(make.entry(i));
    index.put({all.back()});
  }
  for (int round = 0; round < 40; ++round) {
    auto const q = query(make, all);
    auto const answer = index.snapshot()->find(q);
    INFO("seed " << seed << " round " << round);
    std::set<std::string> expected, found;
    for (auto const& e : all)
      if (passes_facets(e, q, "")) expected.insert(e.key);
    for (auto const& hit : answer.hits) found.insert(hit.entry.key);
    CHECK(found == expected);
    CHECK(answer.total == expected.size());
    REQUIRE(answer.facets.size() == std::size(facet_names));
    for (auto const& f : answer.facets) {
      std::map<std::string, std::size_t> counted, told;
      for (auto const& e : all) {
        auto const own = facet_values_of(e, f.name);
        if (passes_facets(e, q, f.name))
          for (auto const& value : std::set<std::string>(own.begin(), own.end())) ++counted[value];
      }
      for (auto const& v : f.values) told[v.value] = v.count;
      INFO(f.name);
      CHECK(told == counted);
      CHECK(std::is_sorted(f.values.begin(), f.values.end(),
                           [](auto const& a, auto const& b) { return a.count > b.count; }));
    }
  }
}

TEST_CASE("Orders are total: equal titles and equal days are told apart by the key") {
  facet_corpus make(3);
  std::vector<search_entry> all;
  search_index index;
  for (std::size_t i = 0; i < 40; ++i) {
    all.push_back(make.entry(i));
    index.put({all.back()});
  }
  auto const order = GENERATE(search_order::title, search_order::newest);
  std::sort(all.begin(), all.end(), [order](auto const& a, auto const& b) {
    auto const newest = [](auto const& e) { return std::max(e.record->issued, e.record->modified); };
    auto const title = [](auto const& e) { return folded(e.record->titles[0].text); };
    if (order == search_order::newest && newest(a) != newest(b)) return newest(a) > newest(b);
    if (order == search_order::title && title(a) != title(b)) return title(a) < title(b);
    return a.key < b.key;
  });
  search_query q;
  q.order = order;
  for (std::size_t size : {1U, 7U, 100U}) {
    q.limit = size;
    std::vector<std::string> keys;
    for (q.offset = 0; q.offset < all.size(); q.offset += size)
      for (auto const& hit : index.snapshot()->find(q).hits) keys.push_back(hit.entry.key);
    REQUIRE(keys.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(keys[i] == all[i].key);
  }
}

TEST_CASE("A page beyond the end is empty and still tells the total") {
  facet_corpus make(1);
  search_index index;
  for (std::size_t i = 0; i < 5; ++i) index.put({make.entry(i)});
  search_query q;
  for (std::size_t const offset : {std::size_t{5}, std::size_t{1000}, SIZE_MAX - 3}) {
    q.offset = offset;
    auto const answer = index.snapshot()->find(q);
    CHECK(answer.hits.empty());
    CHECK(answer.total == 5);
  }
  q.offset = 0;
  q.limit = 0;
  CHECK(index.snapshot()->find(q).hits.empty());
  q.limit = SIZE_MAX;
  CHECK(index.snapshot()->find(q).hits.size() == 5);
}

TEST_CASE("A filter by a value nobody has finds nothing but still shows the alternatives") {
  facet_corpus make(2);
  search_index index;
  for (std::size_t i = 0; i < 30; ++i) index.put({make.entry(i)});
  search_query q;
  q.filters["origin"] = {"nobody"};
  auto const answer = index.snapshot()->find(q);
  CHECK(answer.total == 0);
  for (auto const& f : answer.facets) CHECK(f.values.empty() == (f.name != "origin"));
  q.filters["unknown_facet"] = {"x"};
  CHECK(index.snapshot()->find(q).total == 0);
  q.filters.erase("origin");
  CHECK(index.snapshot()->find(q).total == 30);
  q.facet_limit = 1;
  for (auto const& f : index.snapshot()->find(q).facets) CHECK(f.values.size() <= 1);
}
