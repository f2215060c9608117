// expect: call to deleted constructor of 'ehds::policies::raw_table'
#include "policies/raw_table.hpp"

ehds::policies::raw_table keep(ehds::policies::raw_table const& table) { return table; }
