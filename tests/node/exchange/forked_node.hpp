#pragma once
// A node in a process of its own, made by fork, that posts, sends and receives as fast as it can until it is killed.
#include <filesystem>
#include <string>
#include <vector>

#include "node/store/database.hpp"

namespace ehds::tests {

struct forked_node_plan {
  std::string nation;
  std::string partner;
  std::filesystem::path file;  // its store
  int socket = -1;             // to the network
  std::string kill_at;         // a fail point; empty: it lives until it is killed
  int kill_nth = 1;
};

// In the child: never returns.
[[noreturn]] void live_as(forked_node_plan const& plan);
std::vector<node::store::migration> tables_of_forked_node();  // with tests_heard (message_id), one row a delivery

}  // namespace ehds::tests
