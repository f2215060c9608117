#include "base/slips.hpp"

#include <algorithm>
#include <utility>

namespace ehds {

namespace {

std::string folded(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Letters that were added, left out or replaced, or changed places with their neighbour.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> above(b.size() + 1), before_that, row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      bool const is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swapped) row[j] = std::min(row[j], before_that[j - 2] + 1);
    }
    before_that = std::move(above);
    above = row;
  }
  return above[b.size()];
}

constexpr std::size_t longest_word = 64;

std::size_t allowed_edits(std::string_view word) { return std::max<std::size_t>(1, word.size() / 4); }

// Of both, folded. A name cut short is as far away as a name may be.
std::size_t distance(std::string_view word, std::string_view candidate) {
  constexpr std::size_t shortest_beginning = 4;
  auto const edits = edits_between(word, candidate);
  bool const is_cut = word.size() >= shortest_beginning && candidate.size() >= shortest_beginning &&
                      (word.starts_with(candidate) || candidate.starts_with(word));
  return is_cut ? std::min(edits, allowed_edits(word)) : edits;
}

}  // namespace

std::string line_and_column(std::string_view text, std::size_t byte) {
  auto const before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  auto const line = std::ranges::count(before, '\n') + 1;
  auto const start = before.rfind('\n');
  auto const column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::optional<std::string> nearest_word(std::string_view word, std::vector<std::string> const& candidates) {
  std::optional<std::string> best;
  if (word.size() < 2 || word.size() > longest_word) return std::nullopt;
  auto const written = folded(word);
  auto least = allowed_edits(written) + 1;
  for (auto const& candidate : candidates) {
    if (candidate.size() > 2 * longest_word) continue;
    auto const away = distance(written, folded(candidate));
    if (away < least) {
      least = away;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::vector<std::string> const& candidates) {
  auto const near = nearest_word(word, candidates);
  return near ? "did you mean " + *near + "? " : "";
}

std::string either(std::vector<std::string> const& words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i)
    all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return all;
}

}  // namespace ehds
