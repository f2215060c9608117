#pragma once
// What was released from a dataset before: the shown figures and the person sets behind them. It holds tokens of
// persons, so it is kept inside the data zone, one history a dataset over all permits, and dropped with the
// dataset's token secret.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "policies/aggregate_query.hpp"
#include "policies/person_set.hpp"
#include "policies/released_table.hpp"

namespace ehds::policies {

struct history_cell {
  person_set persons;
  bool shown = false;
  bool guarded = false;  // hidden though shown neighbours exist: showing it later would undo that
  bool base = false;     // one of the disjoint cells; else a margin
  bool grand_total = false;
  std::vector<released_number> values;  // as shown, one a measure
  released_number denominator{};        // as shown
  bool operator==(history_cell const&) const = default;
};

struct history_entry {
  std::string dataset;
  std::string query_hash;
  std::string permit_id;
  bool disjoint = true;                   // no person is in two base cells
  std::vector<std::string> measure_keys;  // equal keys measure the same thing
  std::vector<history_cell> cells;
  std::string made_of{};  // digest of query, rules and figures; empty in records of before
  bool operator==(history_entry const&) const = default;
};

// Oldest first. Give the entries of one dataset; others are passed over.
struct query_history {
  std::vector<history_entry> entries;
};

// What a release costs: to be stored in the same effect as the release, before it leaves.
struct debit {
  std::string permit_id;
  std::int64_t cells = 0;  // off the permit's budget; nothing for a query that was answered before
  history_entry entry;
};

std::string measure_key(aggregate_query const& query, measure const& m);

std::string to_record(history_entry const& entry);  // for the store of the data zone
result<history_entry> read_history_record(std::string_view record);

}  // namespace ehds::policies
