// expect: 'cells_' is a private member of 'ehds::policies::raw_table'
#include "policies/raw_table.hpp"

bool leak(ehds::policies::raw_table const& table) { return table.cells_ != nullptr; }
