#pragma once
// The template language of the pages, auto-escaping, without any way to write a value raw:
//
//   {{name}}                    the value, escaped for the place it stands in; {{.}} the item itself
//   {{#name}}..{{/name}}        once for each item of a list; once with an object; once if a text is not empty
//   {{^name}}..{{/name}}        if it is empty
//   {{>part}}                   another template, with the same values; {{>content}} the page inside its layout
//   {{t key}}                   a fixed text of the page's language
//
// A name is looked up in the innermost object first, then outwards. A name that is nowhere is an error, not an
// empty text: a page that says less than was meant is not noticed otherwise.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/pages/markup/escape.hpp"
#include "node/pages/markup/value.hpp"

namespace ehds::node::pages {

struct template_piece {
  enum class kind { markup, value, section, inverted, part, words };
  kind is = kind::markup;
  std::string text;  // markup, or the name
  position where = position::text;
  std::vector<template_piece> inner;
};

// Problem page.template, with the line.
result<std::vector<template_piece>> parse_template(std::string_view source);

class template_set {
 public:
  using wording = std::function<std::string(std::string_view key)>;  // throws for a key that is not there

  // Throws std::logic_error when a template is wrong: they are part of the program.
  void add(std::string name, std::string_view source);
  // Throws std::out_of_range for unknown names of templates, std::logic_error for unknown names of values.
  std::string render(std::string_view name, value const& view, wording const& words) const;
  // The page inside its layout, which says {{>content}} where it belongs.
  std::string render_in(std::string_view layout, std::string_view name, value const& view, wording const& words) const;

  std::vector<std::string> names() const;
  std::vector<std::string> word_keys() const;  // every key that a template asks for

 private:
  std::map<std::string, std::vector<template_piece>, std::less<>> templates_;
};

}  // namespace ehds::node::pages
