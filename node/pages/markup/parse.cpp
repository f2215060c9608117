#include <algorithm>

#include "node/pages/markup/html_position.hpp"
#include "node/pages/markup/page_template.hpp"

namespace ehds::node::pages {
namespace {

using kind = template_piece::kind;

bool is_name(std::string_view text) {
  auto const fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return text == "." || (!text.empty() && std::ranges::all_of(text, fits));
}

class template_parser {
 public:
  explicit template_parser(std::string_view source) : source_(source) {}

  result<std::vector<template_piece>> whole() {
    auto pieces = until({});
    if (pieces && !here_.in_text()) return wrong("the markup ends inside a tag");
    return pieces;
  }

 private:
  problem wrong(std::string detail) const {
    auto const line = 1 + std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    return {"page.template", std::move(detail), "line " + std::to_string(line), "mend the template"};
  }

  result<void> take_markup(std::string_view markup, std::vector<template_piece>& into) {
    if (markup.empty()) return {};
    if (auto const moved = here_.advance(markup); !moved) return wrong(moved.error().detail);
    into.push_back({kind::markup, std::string(markup), position::text, {}});
    return {};
  }

  // Up to {{/closing}}, or to the end when nothing is to be closed.
  result<std::vector<template_piece>> until(std::string_view closing) {
    std::vector<template_piece> pieces;
    for (;;) {
      auto const open = source_.find("{{", at_);
      if (auto const taken = take_markup(source_.substr(at_, open - at_), pieces); !taken) return taken.error();
      if (open == std::string_view::npos) {
        if (!closing.empty()) return wrong("{{#" + std::string(closing) + "}} is not closed");
        return pieces;
      }
      auto const end = source_.find("}}", open);
      if (end == std::string_view::npos) return wrong("{{ without }}");
      auto const tag = source_.substr(open + 2, end - open - 2);
      at_ = end + 2;
      if (tag.starts_with('/')) {
        if (tag.substr(1) != closing || closing.empty()) return wrong("{{" + std::string(tag) + "}} closes nothing");
        return pieces;
      }
      auto piece = read_tag(tag);
      if (!piece) return piece.error();
      pieces.push_back(std::move(*piece));
    }
  }

  result<template_piece> read_tag(std::string_view tag) {
    if (tag.starts_with('#')) return section(kind::section, tag.substr(1));
    if (tag.starts_with('^')) return section(kind::inverted, tag.substr(1));
    if (tag.starts_with('>')) {
      if (!here_.in_text() || !is_name(tag.substr(1))) return wrong("a part may stand between tags only");
      return template_piece{kind::part, std::string(tag.substr(1)), position::text, {}};
    }
    bool const words = tag.starts_with("t ");
    auto const name = words ? tag.substr(2) : tag;
    if (!is_name(name)) return wrong("no such tag: {{" + std::string(tag) + "}}");
    auto const where = here_.place_of_value();
    if (!where) return wrong(where.error().detail);
    return template_piece{words ? kind::words : kind::value, std::string(name), *where, {}};
  }

  result<template_piece> section(kind is, std::string_view name) {
    if (!is_name(name)) return wrong("no such section: " + std::string(name));
    auto const before = here_;
    auto inner = until(name);
    if (!inner) return inner.error();
    // Whether it is written or left out, what follows must stand in the same place.
    if (!here_.same_place(before)) return wrong("the section " + std::string(name) + " leaves a tag open");
    here_ = before;
    return template_piece{is, std::string(name), position::text, std::move(*inner)};
  }

  std::string_view source_;
  std::size_t at_ = 0;
  html_position here_;
};

}  // namespace

result<std::vector<template_piece>> parse_template(std::string_view source) { return template_parser(source).whole(); }

}  // namespace ehds::node::pages
