#include <algorithm>

#include "dcat/rdf/turtle_read.hpp"

namespace ehds::dcat {
namespace {

// Past the end of the string literal that starts at `at`; an unclosed one ends with the line or the text.
std::size_t after_string(std::string_view text, std::size_t at) {
  char const quote = text[at];
  bool const is_long = at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote;
  at += is_long ? 3 : 1;
  while (at < text.size()) {
    if (text[at] == '\\') {
      at += 2;
    } else if (is_long && text.substr(at, 3) == std::string(3, quote)) {
      return at + 3;
    } else if (!is_long && (text[at] == quote || text[at] == '\n')) {
      return at + 1;
    } else {
      ++at;
    }
  }
  return text.size();
}

std::size_t after_iri(std::string_view text, std::size_t at) {
  auto const end = text.find_first_of("> \t\r\n\"<", at + 1);
  if (end == std::string_view::npos) return text.size();
  return text[end] == '>' ? end + 1 : end;
}

// Past the string, IRI, comment or escape that starts at `at`; `at` itself when none does.
std::size_t after_opaque(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case '"':
    case '\'':
      return after_string(text, at);
    case '<':
      return after_iri(text, at);
    case '#':
      return std::min(text.find('\n', at), text.size());
    case '\\':
      return std::min(at + 2, text.size());
    default:
      return at;
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number starts where no name goes on.
bool may_start_number(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view(" \t\r\n,;[](){}>\"'.").find(text[at - 1]) != std::string_view::npos;
}

// "1.5" and "1.e5" go on behind their dot.
bool ends_number(std::string_view text, std::size_t dot) {
  auto const next = dot + 1 < text.size() ? text[dot + 1] : ' ';
  if (next != 'e' && next != 'E') return !is_digit(next);
  auto const digit = text.find_first_not_of("+-", dot + 2);
  return digit == std::string_view::npos || digit > dot + 3 || !is_digit(text[digit]);
}

}  // namespace

std::vector<std::size_t> full_stops_after_integers(std::string_view text) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < text.size();) {
    if (auto const after = after_opaque(text, at); after != at) {
      at = after;
      continue;
    }
    bool const sign = text[at] == '+' || text[at] == '-';
    auto const digits = at + (sign ? 1 : 0);
    if (!may_start_number(text, at) || digits >= text.size() || !is_digit(text[digits])) {
      ++at;
      continue;
    }
    bool const decimal_part = at > 0 && text[at - 1] == '.' && at > 1 && is_digit(text[at - 2]);
    at = std::min(text.find_first_not_of("0123456789", digits), text.size());
    if (!decimal_part && at < text.size() && text[at] == '.' && ends_number(text, at)) places.push_back(at);
  }
  return places;
}

std::size_t nesting_of_turtle(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (auto const after = after_opaque(text, at); after != at) {
      at = after;
      continue;
    }
    switch (text[at]) {
      case '[':
      case '(':
      case '{':
        deepest = std::max(deepest, ++depth);
        break;
      case ']':
      case ')':
      case '}':
        depth -= depth > 0 ? 1 : 0;
        break;
      default:
        break;
    }
    ++at;
  }
  return deepest;
}

}  // namespace ehds::dcat
