// The index against a search that looks at every record: same hits, same counts, whatever was put and removed before.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/words.hpp"

using namespace ehds::dcat;

namespace {

std::vector<std::string> const vocabulary{"cancer", "cancers", "heart", "Herz", "réanimation", "registry",
                                          "birth",  "births",  "sex",   "age",  "dose",        "vaccin"};

class corpus {
 public:
  explicit corpus(unsigned seed) : chance_(seed) {}

  std::string word() { return vocabulary[below(vocabulary.size())]; }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(chance_); }

  search_entry entry(std::size_t number) {
    auto record = std::make_shared<dataset_record>();
    record->iri = "d:" + std::to_string(number);
    record->titles = {{"en", word() + " " + word()}};
    record->descriptions = {{"fr", word()}};
    record->access_level = below(2) == 0 ? "PUBLIC" : "NON_PUBLIC";
    for (std::size_t i = below(3); i > 0; --i) record->countries.push_back("c:" + std::to_string(below(4)));
    auto variables = std::make_shared<variable_set>();
    variables->tables.push_back({});
    for (std::size_t i = below(3); i > 0; --i)
      variables->tables[0].columns.push_back({word() + "_" + word(), {}, {}, "string", ""});
    record->variable_count = variables->tables[0].columns.size();
    return {record->iri, below(2) == 0 ? "FR" : "FI", record, variables};
  }

  search_query query() {
    search_query q;
    if (below(4) != 0) q.text = word();
    if (below(3) == 0) q.text += " " + word().substr(0, 3);
    if (below(3) == 0) q.variable = word();
    if (below(3) == 0) q.filters["access_level"] = {"PUBLIC"};
    if (below(3) == 0) q.filters["country"] = {"c:1", "c:2"};
    if (below(4) == 0) q.filters["origin"] = {"FR"};
    q.order = search_order::title;
    q.limit = 1000;
    return q;
  }

 private:
  std::mt19937 chance_;
};

bool has_words(std::vector<std::string> const& own, std::string const& text) {
  auto const wanted = words_of(text);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    bool const last = i + 1 == wanted.size();
    bool const found = std::any_of(
        own.begin(), own.end(), [&](std::string const& w) { return last ? w.starts_with(wanted[i]) : w == wanted[i]; });
    if (!found) return false;
  }
  return true;
}

bool matches_words(search_entry const& e, search_query const& q) {
  std::vector<std::string> own;
  auto const add = [&own](std::string const& text) {
    for (auto& word : words_of(text)) own.push_back(std::move(word));
  };
  add(e.record->titles[0].text);
  add(e.record->descriptions[0].text);
  bool variable = q.variable.empty();
  for (auto const& column : e.variables->tables[0].columns) {
    add(column.name);
    variable = variable || has_words(words_of(column.name), q.variable);
  }
  return variable && has_words(own, q.text);
}

std::vector<std::string> values_of(search_entry const& e, std::string const& facet_name) {
  if (facet_name == "access_level") return {e.record->access_level};
  if (facet_name == "origin") return {e.origin};
  std::set<std::string> const once(e.record->countries.begin(), e.record->countries.end());
  return {once.begin(), once.end()};
}

bool passes(search_entry const& e, search_query const& q, std::string const& except) {
  for (auto const& [name, wanted] : q.filters) {
    if (name == except) continue;
    auto const own = values_of(e, name);
    bool const good = std::any_of(own.begin(), own.end(), [&accepted = wanted](std::string const& value) {
      return std::find(accepted.begin(), accepted.end(), value) != accepted.end();
    });
    if (!good) return false;
  }
  return true;
}

using shelf = std::map<std::string, search_entry>;

void compare(search_snapshot const& snapshot, shelf const& all, search_query const& q) {
  auto const answer = snapshot.find(q);
  std::set<std::string> expected;
  for (auto const& [key, e] : all)
    if (matches_words(e, q) && passes(e, q, "")) expected.insert(key);
  std::set<std::string> found;
  for (auto const& hit : answer.hits) found.insert(hit.entry.key);
  CHECK(found == expected);
  CHECK(answer.total == expected.size());
  for (auto const* name : {"access_level", "origin", "country"}) {
    std::map<std::string, std::size_t> counts;
    for (auto const& [key, e] : all)
      if (matches_words(e, q) && passes(e, q, name))
        for (auto const& value : values_of(e, name)) ++counts[value];
    std::map<std::string, std::size_t> told;
    for (auto const& f : answer.facets)
      if (f.name == name)
        for (auto const& v : f.values) told[v.value] = v.count;
    INFO(name);
    CHECK(told == counts);
  }
}

}  // namespace

TEST_CASE("Random changes and queries agree with looking at every record") {
  auto const seed = GENERATE(range(0U, 12U));
  corpus make(seed);
  search_index index;
  shelf all;
  for (int step = 0; step < 25; ++step) {
    std::vector<search_entry> batch;
    for (std::size_t i = make.below(5); i > 0; --i) batch.push_back(make.entry(make.below(40)));
    for (auto const& e : batch) all.insert_or_assign(e.key, e);
    index.put(batch);
    auto const gone = "d:" + std::to_string(make.below(40));
    index.erase(gone);
    all.erase(gone);
    auto const snapshot = index.snapshot();
    CHECK(snapshot->size() == all.size());
    for (int i = 0; i < 3; ++i) {
      auto const q = make.query();
      INFO("seed " << seed << " step " << step << " text '" << q.text << "' variable '" << q.variable << "'");
      compare(*snapshot, all, q);
    }
  }
}

TEST_CASE("Pages put together are the whole list") {
  auto const order = GENERATE(search_order::title, search_order::relevance, search_order::newest);
  corpus make(7);
  search_index index;
  for (std::size_t i = 0; i < 53; ++i) index.put({make.entry(i)});
  auto const snapshot = index.snapshot();
  search_query q;
  q.text = "c";
  q.order = order;
  q.limit = 1000;
  std::vector<std::string> whole;
  for (auto const& hit : snapshot->find(q).hits) whole.push_back(hit.entry.key);
  std::vector<std::string> paged;
  q.limit = 7;
  for (q.offset = 0; q.offset < whole.size(); q.offset += q.limit)
    for (auto const& hit : snapshot->find(q).hits) paged.push_back(hit.entry.key);
  CHECK(paged == whole);
}

TEST_CASE("Titles are sorted in the language of the reader") {
  search_index index;
  auto with_titles = [](std::string key, std::string english, std::string french) {
    auto record = std::make_shared<dataset_record>();
    record->iri = key;
    record->titles = {{"en", std::move(english)}, {"fr", std::move(french)}};
    return search_entry{key, "FR", record, nullptr};
  };
  index.put(
      {with_titles("d:1", "Alpha", "Zoulou"), with_titles("d:2", "Beta", "École"), with_titles("d:3", "Gamma", "Fin")});
  auto const in = [&](std::string const& language) {
    search_query q;
    q.language = language;
    std::string keys;
    for (auto const& hit : index.snapshot()->find(q).hits) keys += hit.entry.key;
    return keys;
  };
  CHECK(in("en") == "d:1d:2d:3");
  CHECK(in("fr") == "d:2d:3d:1");
  CHECK(in("de") == "d:1d:2d:3");
}
