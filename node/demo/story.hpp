#pragma once
// The story, a step a file (steps/). Each does what it tells through the public doors of the nodes and throws
// story_error when something did not happen.
#include <map>
#include <string>

#include "node/demo/network.hpp"

namespace ehds::node::demo {

// What later steps need of earlier ones.
struct told {
  std::string application;                   // the access application of step 3
  std::string permit;                        // FR's, of step 6
  std::string data_request;                  // of step 7
  std::map<std::string, std::string> cases;  // "FR/access" -> case id
};

void step_1_catalogues(network& net, told& so_far);
void step_2_publication(network& net, told& so_far);
void step_3_application(network& net, told& so_far);
void step_4_dispatch(network& net, told& so_far);
void step_5_decisions(network& net, told& so_far);
void step_6_permit(network& net, told& so_far);
void step_7_query(network& net, told& so_far);
void step_8_attacks(network& net, told& so_far);
void step_9_audit(network& net, told& so_far);
void compare_ledgers(network& net);  // part of step 9

}  // namespace ehds::node::demo
