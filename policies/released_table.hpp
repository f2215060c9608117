#pragma once
// What leaves the data zone: numbers that may be shown, and one symbol for all that is hidden.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/data_permit.hpp"
#include "policies/table_layout.hpp"

namespace ehds::policies {

inline constexpr std::string_view hidden_symbol = "suppressed or zero";
inline constexpr std::string_view total_label = "*";  // the margin over that dimension

// nullopt is written and shown as hidden_symbol: small, protecting a neighbour, or zero; nobody outside can tell.
using released_number = std::optional<std::int64_t>;

struct released_cell {
  std::vector<std::string> labels;      // one a dimension, total_label for a margin
  std::vector<released_number> values;  // one a measure
  released_number denominator;          // persons of the whole dataset; hidden unless asked for
  bool operator==(released_cell const&) const = default;
};

// Under which rules the figures were made.
struct policy_stamp {
  std::string id;
  std::int64_t version = 1;
  std::int64_t threshold = 0;
  std::int64_t rounding = 1;
  std::string justification;
  bool operator==(policy_stamp const&) const = default;
};

struct released_dimension {
  std::string name;
  std::vector<std::string> labels;  // without the total
  bool operator==(released_dimension const&) const = default;
};

struct released_table {
  std::string query_hash;
  std::string protocol;
  std::string dataset;
  std::string authority;
  std::string permit_id;
  std::int64_t permit_version = 1;
  legal_basis basis = legal_basis::request_approval;
  counted unit = counted::person;
  policy_stamp policy;
  std::vector<released_dimension> dimensions;
  std::vector<std::string> measures;  // "persons", "events", "sum of days_supply"
  bool has_denominator = false;
  std::vector<released_cell> cells;  // all cells, then the margins, in an order fixed by the layout
  bool operator==(released_table const&) const = default;
};

// {"released_table": "1", "query_hash": .., "cells": [{"labels": ["female", "0-17"], "values": [120, "suppressed or
// zero"], "denominator": 5210}, ..]}; RFC 8785, so that equal tables are equal bytes.
std::string to_json(released_table const& table);
result<released_table> read_released_table(std::string_view text);  // problems: released.*

released_cell const* find_cell(released_table const& table, std::vector<std::string> const& labels);
std::string measure_label(measure const& m);

}  // namespace ehds::policies
