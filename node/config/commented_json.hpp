#pragma once
// The JSON that operators write: with comments, at most 1 MiB and 16 levels, no name twice in one object. Known inside
// this room alone.
#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/problem.hpp"

namespace ehds::node::config {

// Problems config.syntax, with the line and column where there is one.
std::expected<nlohmann::json, problems> parse_commented(std::string_view text);

}  // namespace ehds::node::config
