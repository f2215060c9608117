// expect: no matching constructor for initialization of 'policies::raw_table_builder'
#include "policies/raw_table.hpp"

namespace ehds::connectors {
class query_run {
 public:
  static policies::raw_table_builder run(policies::aggregate_query const& query, policies::table_layout layout) {
    return policies::raw_table_builder(policies::raw_table_pass{}, query, std::move(layout));
  }
};
}  // namespace ehds::connectors
