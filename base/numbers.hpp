#pragma once
// Strict reading of numbers: the whole text is the number, or there is none. No locale, no sign
// on unsigned types, no leading blanks.
#include <charconv>
#include <optional>
#include <string_view>

namespace ehds {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  auto const* const end = text.data() + text.size();
  auto const [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

}  // namespace ehds
