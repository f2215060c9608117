#include "node/pages/markup/escape.hpp"

#include <algorithm>
#include <array>

#include "node/http/fields.hpp"

namespace ehds::node::pages {
namespace {

std::string for_markup(std::string_view text) {
  std::string written;
  written.reserve(text.size());
  for (char const c : text) {
    switch (c) {
      case '&':
        written += "&amp;";
        break;
      case '<':
        written += "&lt;";
        break;
      case '>':
        written += "&gt;";
        break;
      case '"':
        written += "&quot;";
        break;
      case '\'':
        written += "&#39;";
        break;
      case '\0':
        break;
      default:
        written += c;
    }
  }
  return written;
}

bool is_harmless(std::string_view address) {
  // Browsers drop tabs and line breaks inside an address, and blanks before it, before they look at the scheme.
  if (std::ranges::any_of(address, [](char c) { return static_cast<unsigned char>(c) <= 0x20; })) return false;
  if (address.starts_with("//") || address.starts_with("/\\")) return false;
  constexpr std::array<std::string_view, 6> beginnings{"/", "#", "?", "https://", "http://", "mailto:"};
  return std::ranges::any_of(beginnings, [&](std::string_view begin) { return address.starts_with(begin); });
}

}  // namespace

std::string escaped(std::string_view text, position where) {
  switch (where) {
    case position::text:
    case position::attribute:
      return for_markup(text);
    case position::address:
      return is_harmless(text) ? for_markup(text) : "#";
    case position::address_part:
      return http::percent_encode(text);
  }
  return {};
}

}  // namespace ehds::node::pages
