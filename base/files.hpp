#pragma once
// A whole file as bytes: configuration, keys, records that an operator put beside the node.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace ehds {

inline constexpr std::size_t whole_file_limit = 64 * 1024 * 1024;  // bytes

// Nothing when it is not there, is a folder, cannot be read or is longer than that; an empty file is an empty text.
std::optional<std::string> read_file(std::filesystem::path const& file, std::size_t limit = whole_file_limit);

// Something is there, or that cannot be told: who opens it learns why. Never throws.
bool may_exist(std::filesystem::path const& file);

}  // namespace ehds
