#pragma once
// Fills the raw table of one run. The only class that may: policies/raw_table.hpp says so. Engines hand it rows as
// compile() describes them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/data/sql/compile.hpp"
#include "policies/cleared_query.hpp"
#include "policies/person_set.hpp"
#include "policies/raw_table.hpp"

namespace ehds::connectors {

class query_run {
 public:
  // The compiled query outlives the run.
  query_run(policies::cleared_query const& cleared, compiled_query const& compiled, std::string const& token_secret);

  void dataset_persons(std::int64_t persons) { builder_.dataset_persons(persons); }
  // A row of `cells`; a row with an empty label is in no cell and is passed over.
  void cell_row(std::string const& person_key, std::vector<std::string> const& labels,
                std::vector<std::int64_t> const& totals);
  // A row of `denominators`: labels of the person dimensions in their order.
  void denominator_row(std::vector<std::string> const& labels, std::int64_t persons);
  policies::raw_table finish() && { return std::move(builder_).finish(); }

 private:
  policies::person_set::token token_of(std::string const& person_key);

  policies::table_layout const& layout_;
  policies::raw_table_builder builder_;
  policies::person_tokens tokens_;
  std::string last_key_;  // rows of a person often follow each other
  policies::person_set::token last_token_ = 0;
};

}  // namespace ehds::connectors
