// expect: calling a private constructor of class 'ehds::policies::raw_table_pass'
#include "policies/raw_table.hpp"

ehds::policies::raw_table forged(ehds::policies::cleared_query const& cleared) {
  ehds::policies::raw_table_builder builder(ehds::policies::raw_table_pass{}, cleared, {});
  return std::move(builder).finish();
}
