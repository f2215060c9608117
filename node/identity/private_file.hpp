#pragma once
// Files that only their owner reads. Known inside this room alone.
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::identity {

// Makes the folder and its parents; the last one 0700.
result<void> make_private_folder(std::filesystem::path const& folder);
// Whole and durable or not at all; 0600. Problem identity.key names the file.
result<void> write_private_file(std::filesystem::path const& file, std::string_view bytes);
result<std::string> read_small_file(std::filesystem::path const& file);

}  // namespace ehds::node::identity
