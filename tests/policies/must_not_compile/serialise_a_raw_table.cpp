// expect: no matching function for call to 'to_json'
#include "policies/raw_table.hpp"
#include "policies/released_table.hpp"

std::string leak(ehds::policies::raw_table const& table) { return ehds::policies::to_json(table); }
