// expect: call to deleted constructor of 'ehds::policies::cleared_query'
#include "policies/cleared_query.hpp"

ehds::policies::cleared_query keep(ehds::policies::cleared_query const& cleared) { return cleared; }
