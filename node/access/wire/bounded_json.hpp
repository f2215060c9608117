#pragma once
// JSON from outside, read with limits. Inside this room only: doors speak strings and structs.
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::access {

using json = nlohmann::ordered_json;

struct json_limits {
  std::size_t bytes = 4 * 1024 * 1024;
  std::size_t depth = 24;
  std::size_t members = 100'000;  // values in the whole document
};

// Problems: access.json.too_large, .too_deep, .syntax, .duplicate_key (two readers could differ).
result<json> read_json(std::string_view text, json_limits const& limits);

// Members read leniently: absent or of another type is the empty value.
std::string text_of(json const& object, std::string_view key);
std::vector<std::string> text_list(json const& object, std::string_view key);
long long number_of(json const& object, std::string_view key);
bool flag_of(json const& object, std::string_view key);
json const& member(json const& object, std::string_view key);  // null when absent

// A choice travels as a string or as {"key","value"}: its key. Empty when it is neither.
std::string choice_key(json const& value);

// One line, UTF-8; bytes that are not UTF-8 are replaced.
std::string to_line(json const& value);

}  // namespace ehds::node::access
