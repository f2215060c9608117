#pragma once
// What `config check` says of a file, asked while a node runs on it: in a process of its own, since a look at keys must
// not touch a device that is in use, nor a look at everything the memory of the node.
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ehds::node::verbs {

struct second_look {
  bool is_good = false;
  std::vector<std::string> sentences;  // each finding, and each warning
};

// Nothing when it could not be asked, or `is_over` (asked ten times a second) said so meanwhile.
std::optional<second_look> look_again(std::string const& configuration, std::function<bool()> const& is_over);

}  // namespace ehds::node::verbs
