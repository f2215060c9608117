#pragma once
// Runs cleared queries over a health database. Takes nothing but a cleared query, gives nothing but a raw table.
#include "base/result.hpp"
#include "policies/cleared_query.hpp"
#include "policies/raw_table.hpp"

namespace ehds::connectors {

class engine {
 public:
  virtual ~engine() = default;
  // Blocks. Problems: engine.expired (the clearance ended), engine.time_limit, engine.row_limit, engine.database, and
  // those of compile(). No problem's text holds values of rows.
  virtual result<policies::raw_table> run(policies::cleared_query const& cleared) = 0;
};

}  // namespace ehds::connectors
