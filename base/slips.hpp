#pragma once
// What a person who mistyped wants to hear: the line it is in, and the word that was probably meant.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ehds {

// "line 3, column 7" of the byte, counted from 1, at which a reader stopped.
std::string line_and_column(std::string_view text, std::size_t byte);

// The candidate that was probably meant: at most two edits away, or a third of the word, and never all of it.
std::optional<std::string> nearest_word(std::string_view word, std::vector<std::string> const& candidates);

}  // namespace ehds
