#pragma once
// A stranger's own files go through the same doors and are answered: dataset records (any RDF syntax) to the catalogue
// of France, application ZIPs to its desk, raw AS4 messages to its access point. One line a file; the whole answer is
// written into a file of its own.
#include <filesystem>

#include "node/demo/network.hpp"

namespace ehds::node::demo {

// Before anything starts: throws story_error when there is no such folder.
void check_what_is_brought(std::filesystem::path const& folder);
void answer_what_was_brought(network& net, std::filesystem::path const& folder);

}  // namespace ehds::node::demo
