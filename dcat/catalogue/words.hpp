#pragma once
// Texts into the words the search compares: lower case, without accents, split at everything that is no letter or
// digit. Latin, Greek and Cyrillic letters are folded; others stand as they are.
#include <string>
#include <string_view>
#include <vector>

namespace ehds::dcat {

inline constexpr std::size_t longest_word = 64;  // bytes; the rest of a longer word is not indexed

std::vector<std::string> words_of(std::string_view text);  // in order, doubles kept
std::string folded(std::string_view text);                 // case and accents only

}  // namespace ehds::dcat
