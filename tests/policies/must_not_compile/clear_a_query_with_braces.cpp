// expect: no matching constructor for initialization of 'ehds::policies::cleared_query'|calling a private constructor
#include "policies/cleared_query.hpp"

ehds::policies::cleared_query forged(ehds::policies::aggregate_query query, ehds::policies::data_permit const& permit) {
  return {{}, std::move(query), permit, ehds::instant{}, {}};
}
