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

// The candidate that was probably meant: a quarter of the word's letters away at most, and one of a short word; letters
// of another case and letters that changed places are small slips, and so is a name that is cut short or goes on.
std::optional<std::string> nearest_word(std::string_view word, std::vector<std::string> const& candidates);

// "did you mean address? ", or nothing where none was: what a mend begins with.
std::string did_you_mean(std::string_view word, std::vector<std::string> const& candidates);

// "address, actions", of any range of words.
template <class Words>
std::string listed(Words const& words) {
  std::string all;
  for (auto const& word : words) all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

// "pdf, docx or odt".
std::string either(std::vector<std::string> const& words);

}  // namespace ehds
