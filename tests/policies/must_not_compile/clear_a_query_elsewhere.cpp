// expect: calling a private constructor of class 'ehds::policies::judge_pass'
#include "policies/cleared_query.hpp"

ehds::policies::cleared_query forged(ehds::policies::aggregate_query query, ehds::policies::data_permit const& permit) {
  return {ehds::policies::judge_pass{}, std::move(query), permit, ehds::instant{}, {}};
}
