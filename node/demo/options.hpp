#pragma once
// How the demonstration is told.
#include <filesystem>
#include <string>

namespace ehds::node::demo {

struct options {
  std::filesystem::path folder = "demo";  // everything the network needs and leaves
  std::filesystem::path program;          // ehds-node itself
  std::filesystem::path source = ".";     // the checkout: records, answers, queries
  bool once = false;                      // end when the story is told
  bool keep = false;                      // go on with the stores of the last time
  std::filesystem::path bring;            // a stranger's files, answered at the end
  int persons = 50'000;                   // in each country
};

// Exit code: 0 only when every step really happened.
int run(options const& how);

}  // namespace ehds::node::demo
