#pragma once
// The only question this network asks of health data: a typed aggregate query, version "1". Never SQL or any other
// text that somebody evaluates. A closed world: an unknown or doubled member, a fraction, a number above 2^53 or
// a text that is too large or too deep is refused by name.
//
// What is approved is its hash: SHA-256 of the canonical text, which is the normal form (defaults written out,
// sets sorted, nested and/or flattened, double negation removed) as RFC 8785 (JCS). Two texts that mean the same by
// these rules have the same hash.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace ehds::policies {

struct query_limits {
  static constexpr std::size_t bytes = 256 * 1024;
  static constexpr std::size_t depth = 24;
  static constexpr std::size_t dimensions = 4;
  static constexpr std::size_t cells = 10'000;
  static constexpr std::size_t measures = 8;
};

// {"concept_id": 2000000101, "descendants": true, "excluded": false}
struct concept_item {
  std::int64_t concept_id = 0;
  bool descendants = false;
  bool excluded = false;  // exclusion always wins
  auto operator<=>(concept_item const&) const = default;
};

// Either items (OMOP), or a code system with prefixes and codes (flat tables).
struct concept_set {
  std::string name;
  std::vector<concept_item> items;
  std::string system;                 // "ICD-10", "ATC"; empty when items are given
  std::vector<std::string> prefixes;  // "E11" means E11 and all below
  std::vector<std::string> codes;     // exact
  bool operator==(concept_set const&) const = default;
};

using scalar = std::variant<std::int64_t, std::string>;  // whole numbers; texts; dates as YYYY-MM-DD

enum class comparison { equals, in, between, at_least, at_most };

// {"column": "..", "op": "between", "values": [1, 5]} or {"column": "..", "op": "equals", "value": 1}
struct column_test {
  std::string column;
  comparison op = comparison::equals;
  std::vector<scalar> values;  // one; for "in" 1..1000; for "between" two, both included
  bool operator==(column_test const&) const = default;
};

// Both days included.
struct date_window {
  date from;
  date to;
  bool operator==(date_window const&) const = default;
};

// Rows of one table: of the concept set (any, when empty), in the window, passing every test.
struct event_rows {
  std::string table;
  std::string concept_set;
  std::optional<date_window> window;
  std::vector<column_test> where;
  bool operator==(event_rows const&) const = default;
};

// The person has at least so many such rows.
struct exists_in {
  event_rows rows;
  std::int64_t at_least = 1;
  bool operator==(exists_in const&) const = default;
};

struct filter;
struct all_of {
  std::vector<filter> parts;  // none: everybody
  bool operator==(all_of const&) const;
};
struct any_of {
  std::vector<filter> parts;  // at least one
  bool operator==(any_of const&) const;
};
struct none_of {
  std::vector<filter> part;  // exactly one: {"not": {...}}
  bool operator==(none_of const&) const;
};
// A condition on a person; a bare column_test is on a column of the person table.
struct filter {
  std::variant<all_of, any_of, none_of, exists_in, column_test> is;
  bool operator==(filter const&) const = default;
};

enum class counted { person, event };

// One way to cut the table.
//   {"dimension": "age_band", "at": "2024-12-31", "breaks": [0, 18, 40]}: age in whole years = year of `at` minus
//       year of birth; labels "0-17", "18-39", "40+"
//   {"dimension": "year", "from": 2020, "to": 2024}: unit event: year of the row; unit person: year of the
//       person's first row of `events`; rows outside are in no cell
//   {"dimension": "sex"}, {"dimension": "region"}, ..: closed list of values declared by the dataset
struct dimension {
  std::string name;
  std::optional<date> at;
  std::vector<std::int64_t> breaks;
  std::int64_t from = 0;
  std::int64_t to = 0;
  bool operator==(dimension const&) const = default;
};

enum class measured { persons, events, sum };

//   {"measure": "persons"}; {"measure": "events", "cap_per_person": 50};
//   {"measure": "sum", "of": "days_supply", "clip": [0, 365], "cap_per_person": 50}
// events and sum are over the rows of `events`; each value is clipped, then at most cap_per_person rows of a person
// count (those with the earliest date, then the lowest key).
struct measure {
  measured what = measured::persons;
  std::string of = {};
  std::int64_t clip_from = 0;
  std::int64_t clip_to = 0;
  std::int64_t cap_per_person = 50;
  bool operator==(measure const&) const = default;
};

struct aggregate_query {
  std::string protocol;  // shared by all national variants of one study
  std::string variant;   // "omop-5.4", "flat:<profile>"
  std::string dataset;   // catalogue id
  std::vector<concept_set> concept_sets;
  filter population;  // {"population": {"filter": {...}}}
  counted unit = counted::person;
  std::optional<event_rows> events;  // wanted by unit event, measures events and sum, dimension year
  std::vector<dimension> by;
  std::vector<measure> measures;
  bool denominator = false;  // also give persons of the whole dataset by the person dimensions (not year)
  bool operator==(aggregate_query const&) const = default;
};

// Problems: query.json, query.too_large, query.unknown_member, query.missing, query.type, query.value, ...; where is
// a JSON pointer. read gives the first, faults_in gives all.
result<aggregate_query> read_aggregate_query(std::string_view text);
problems faults_in_query(std::string_view text);

aggregate_query normal_form(aggregate_query query);
std::string canonical_text(aggregate_query const& query);  // RFC 8785 of the normal form
std::string query_hash(aggregate_query const& query);      // "sha256:<64 hex>"

concept_set const* find_concept_set(aggregate_query const& query, std::string_view name);

}  // namespace ehds::policies
