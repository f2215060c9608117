#pragma once
// The search of the catalogue, in memory. Readers take an immutable snapshot and answer a query in one pass: matches,
// facet counts, one page of hits with the variables that matched. A change builds a small segment and a new
// snapshot; segments are merged as they grow, so no reader ever waits. Persistence is the caller's.
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/variables.hpp"

namespace ehds::dcat {

struct search_entry {
  std::string key;     // what put() replaces and erase() removes: the record's IRI, unless the caller knows better
  std::string origin;  // who sent it: "FR"; a facet
  std::shared_ptr<dataset_record const> record;
  std::shared_ptr<variable_set const> variables;  // may be null
};

// Names of facets; their values are what the record holds (IRIs of codes, names of authorities, "true"/"false").
inline constexpr std::string_view facet_names[] = {
    "access_level", "health_category", "health_theme",  "theme",  "coding_system", "standard", "hdab",
    "country",      "language",        "has_variables", "origin", "publisher",     "type",     "trusted_holder"};

enum class search_order { relevance, title, newest };  // relevance without words is title

struct search_query {
  std::string text = {};      // all words must occur; the last one may be the beginning of a word
  std::string variable = {};  // only datasets with a variable that has all these words
  std::map<std::string, std::vector<std::string>, std::less<>> filters = {};  // by facet; any of the values
  std::optional<int> covers_year = {};                                        // dct:temporal
  std::optional<std::uint64_t> min_individuals = {};
  search_order order = search_order::relevance;
  std::string language = "en";  // of titles to sort by
  std::size_t offset = 0;
  std::size_t limit = 20;
  std::size_t facet_limit = 50;  // values a facet
};

struct facet_value {
  std::string value;
  std::size_t count = 0;
};
// Counted over what would match if this facet had no filter, so that a reader sees the alternatives.
struct facet {
  std::string name;
  std::vector<facet_value> values;  // most frequent first
};

struct search_hit {
  search_entry entry;
  double score = 0;
  std::size_t variable_total = 0;       // variables that match `variable`, else any word of `text`
  std::vector<variable_row> variables;  // the first of them
};
inline constexpr std::size_t most_variables_a_hit = 10;

struct search_answer {
  std::size_t total = 0;
  std::vector<search_hit> hits;
  std::vector<facet> facets;  // in the order of facet_names
};

class segment;

class search_snapshot {
 public:
  std::size_t size() const { return size_; }
  search_answer find(search_query const& query) const;
  std::optional<search_entry> get(std::string_view key) const;

 private:
  friend class search_index;
  friend class search_pass;
  struct part {
    std::shared_ptr<segment const> rows;
    std::shared_ptr<std::vector<bool> const> alive;
    std::size_t alive_count = 0;
  };
  std::vector<part> parts_;  // oldest and largest first
  std::size_t size_ = 0;
};

// Safe to use from any thread.
class search_index {
 public:
  search_index();
  std::shared_ptr<search_snapshot const> snapshot() const;
  void put(std::vector<search_entry> entries);  // adds or replaces; one segment for all of them
  void erase(std::string_view key);

 private:
  void publish(search_snapshot next);
  static void bury(search_snapshot& in, std::span<search_entry const> keys);
  static void merge_small(search_snapshot& in);

  std::mutex writing_;  // one writer at a time
  mutable std::mutex swapping_;
  std::shared_ptr<search_snapshot const> now_;
};

}  // namespace ehds::dcat
