// What a record costs on its way in, and what a search costs over ten thousand of them. The yardstick of the first
// part is one SHA-256 over the text; of the second, one pass over ten thousand numbers.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <numeric>
#include <random>

#include "base/bytes.hpp"
#include "dcat/catalogue/search.hpp"
#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"
#include "dcat/validate/validate.hpp"

using namespace ehds;
using namespace ehds::dcat;

namespace {

// Milliseconds for one call, over at least a third of a second.
double cost(std::function<void()> const& work) {
  using steady = std::chrono::steady_clock;
  auto const begin = steady::now();
  int calls = 0;
  do {
    work();
    ++calls;
  } while (steady::now() - begin < std::chrono::milliseconds(350));
  return std::chrono::duration<double, std::milli>(steady::now() - begin).count() / calls;
}

std::string text_of(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void row(char const* what, double milliseconds) { std::printf("%-46s %10.4f ms\n", what, milliseconds); }

void measure_record(std::string const& text, release_pack const& pack) {
  validator const rules(pack);
  auto const g = read_rdf(text, syntax::turtle).value();
  auto const xml = write_rdfxml(g).value();
  std::printf("a record of %zu triples, %zu bytes of Turtle\n", g.size(), text.size());
  row("  sha256 of the text", cost([&] { (void)sha256(text); }));
  row("  read Turtle", cost([&] { (void)read_rdf(text, syntax::turtle); }));
  row("  read RDF/XML", cost([&] { (void)read_rdf(xml, syntax::rdfxml); }));
  row("  check against the release", cost([&] { (void)rules.check(g); }));
  row("  canonical hash", cost([&] { (void)canonical_hash(g); }));
  row("  write Turtle", cost([&] { (void)write_turtle(g); }));
  row("  write RDF/XML", cost([&] { (void)write_rdfxml(g); }));
}

// 60 words of 20,000 by a falling frequency, ten variables.
search_entry made_up(std::size_t number, std::mt19937& chance) {
  std::exponential_distribution<double> often(0.002);
  auto const word = [&] { return "w" + std::to_string(static_cast<int>(often(chance)) % 20'000); };
  auto record = std::make_shared<dataset_record>();
  record->iri = "https://example.org/dataset/" + std::to_string(number);
  record->titles = {{"en", "Register " + word() + " " + word() + " " + std::to_string(number)}};
  std::string description = "common";
  for (int i = 0; i < 60; ++i) description += " " + word();
  record->descriptions = {{"en", description}};
  record->access_level = number % 3 == 0 ? "PUBLIC" : "NON_PUBLIC";
  record->health_categories = {"https://example.org/category/" + std::to_string(number % 17)};
  record->countries = {"https://example.org/country/" + std::to_string(number % 27)};
  record->variable_count = 10;
  auto variables = std::make_shared<variable_set>();
  variables->tables.push_back({});
  for (int i = 0; i < 10; ++i) variables->tables[0].columns.push_back({word() + "_" + word(), {}, {}, "string", ""});
  return {record->iri, "FR", record, variables};
}

void measure_search(std::size_t size) {
  std::mt19937 chance(1);
  std::vector<search_entry> entries;
  for (std::size_t i = 0; i < size; ++i) entries.push_back(made_up(i, chance));
  search_index index;
  auto const begin = std::chrono::steady_clock::now();
  index.put(entries);
  auto const built = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::printf("search over %zu records with 10 variables each\n", size);
  row("  build the index at start", built);
  std::vector<std::uint32_t> numbers(size, 1);
  volatile std::uint32_t sink = 0;
  row("  one pass over as many numbers", cost([&] { sink = std::accumulate(numbers.begin(), numbers.end(), 0U); }));
  auto const s = index.snapshot();
  row("  rare word", cost([&] { (void)s->find({.text = "w4711"}); }));
  row("  word of every record, 14 facets", cost([&] { (void)s->find({.text = "common"}); }));
  row("  two words, the last one begun", cost([&] { (void)s->find({.text = "common w12"}); }));
  row("  filter by two facets", cost([&] {
        (void)s->find({.filters = {{"access_level", {"PUBLIC"}}, {"country", {"https://example.org/country/3"}}}});
      }));
  row("  everything, by title", cost([&] { (void)s->find({}); }));
  row("  datasets with a variable", cost([&] { (void)s->find({.variable = "w1"}); }));
  std::size_t next = 0;
  row("  replace one record", cost([&] { index.put({entries[next++ % size]}); }));
}

}  // namespace

int main(int count, char** words) {
  std::string const root = count > 1 ? words[1] : EHDS_SOURCE_DIR;
  auto const pack = load_release_pack(root + "/dcat/release/packs/r8");
  if (!pack) {
    std::fprintf(stderr, "%s\n", to_text(pack.error()).c_str());
    return 1;
  }
  measure_record(text_of(root + "/tests/dcat/fixtures/registry.ttl"), *pack);
  measure_search(1'000);
  measure_search(10'000);
  return 0;
}
