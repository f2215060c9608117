#pragma once
// The sections of the file, one function each. Known inside this room alone.
#include <nlohmann/json_fwd.hpp>

#include "node/config/object_reader.hpp"

namespace ehds::node::config {

// Reads the whole document into what it says, collecting findings in the context.
configuration read_document(nlohmann::json const& document, reading_context& context);
// What no section can see by itself: zones and doors that do not go together.
void check_together(configuration const& read, problems& found);
// Do the files and folders exist that the node reads and does not make itself?
void check_paths(configuration const& read, problems& found);

}  // namespace ehds::node::config
