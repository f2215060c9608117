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

}  // namespace

std::size_t nesting_of_turtle(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (std::size_t at = 0; at < text.size();) {
    switch (text[at]) {
      case '"':
      case '\'':
        at = after_string(text, at);
        continue;
      case '<':
        at = after_iri(text, at);
        continue;
      case '#':
        at = std::min(text.find('\n', at), text.size());
        continue;
      case '\\':
        at += 2;
        continue;
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
