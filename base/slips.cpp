#include "base/slips.hpp"

#include <algorithm>

namespace ehds {

namespace {

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
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
  if (word.size() < 2 || word.size() > 64) return std::nullopt;
  auto allowed = std::min(std::max<std::size_t>(2, word.size() / 3), word.size() - 1) + 1;
  for (auto const& candidate : candidates) {
    auto const edits = edits_between(word, candidate);
    if (edits < allowed) {
      allowed = edits;
      best = candidate;
    }
  }
  return best;
}

}  // namespace ehds
