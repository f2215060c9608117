#pragma once
// A stranger's own files go through the same doors and are answered: dataset records (any RDF syntax) to the catalogue
// of France, application ZIPs to its desk, raw AS4 messages to its access point.
#include <filesystem>

#include "node/demo/network.hpp"

namespace ehds::node::demo {

void answer_what_was_brought(network& net, std::filesystem::path const& folder);

}  // namespace ehds::node::demo
