#include "edelivery/mime/boundary_search.hpp"

#include <algorithm>

namespace ehds::edelivery {

namespace {

constexpr std::size_t window_size = 256 * 1024;
constexpr std::size_t most_padding = 256;  // blanks after a boundary; more and it is none
constexpr std::size_t line_rest = 2 + most_padding + 2;

// Reads what follows "--boundary": nothing, when this is only a longer word that starts the same. `rest` begins after
// the boundary, which ends at `after`.
std::optional<delimiter> complete_delimiter(std::string_view rest, std::uint64_t start, std::uint64_t after) {
  delimiter found{start, after, rest.starts_with("--")};
  std::size_t at = found.closing ? 2 : 0;
  while (at < rest.size() && at < 2 + most_padding && (rest[at] == ' ' || rest[at] == '\t')) ++at;
  found.end = after + at;
  if (found.closing) return found;  // whatever follows is the epilogue
  if (rest.substr(at, 2) == "\r\n") return delimiter{start, found.end + 2, false};
  if (rest.substr(at, 1) == "\n") return delimiter{start, found.end + 1, false};
  return std::nullopt;
}

}  // namespace

result<std::optional<delimiter>> boundary_search::next(std::uint64_t from) {
  for (std::uint64_t window_at = from;;) {
    auto const window = body_.look(window_at, window_size, window_space_);
    if (!window) return window.error();
    for (auto at = window->find(dashed_); at != std::string_view::npos; at = window->find(dashed_, at + 1)) {
      auto found = check(*window, window_at, at, from);
      if (!found) return std::move(found).error();
      if (*found) return found;
    }
    // The last bytes may be the begin of a boundary.
    if (window->size() < dashed_.size() || window_at + window->size() >= body_.size()) return std::nullopt;
    window_at += window->size() - (dashed_.size() - 1);
  }
}

// Is that the begin of a line, and the end of one? Looks again only where the window ends too early.
result<std::optional<delimiter>> boundary_search::check(std::string_view window, std::uint64_t window_at,
                                                        std::size_t found, std::uint64_t from) {
  auto const at = window_at + found;
  auto const before_size = static_cast<std::size_t>(std::min<std::uint64_t>(at, 2));
  auto line = found >= before_size ? window.substr(found - before_size) : std::string_view{};
  if (line.size() < before_size + dashed_.size() + line_rest) {
    auto const again = body_.look(at - before_size, before_size + dashed_.size() + line_rest, line_space_);
    if (!again) return again.error();
    line = *again;
  }
  auto const before = line.substr(0, before_size);
  if (at != 0 && !before.ends_with('\n')) return std::nullopt;
  auto start = at;
  if (start > from && before.ends_with('\n')) --start;
  if (start > from && before.ends_with("\r\n")) --start;
  return complete_delimiter(line.substr(before_size + dashed_.size()), start, at + dashed_.size());
}

}  // namespace ehds::edelivery
