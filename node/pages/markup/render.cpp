#include <set>
#include <stdexcept>

#include "node/pages/markup/page_template.hpp"

namespace ehds::node::pages {
namespace {

using kind = template_piece::kind;
using pieces = std::vector<template_piece>;

class rendering {
 public:
  rendering(std::map<std::string, pieces, std::less<>> const& parts, template_set::wording const& words,
            pieces const* content)
      : parts_(parts), words_(words), content_(content) {}

  void write(pieces const& all) {
    for (auto const& piece : all) write(piece);
  }
  void enter(value const& scope) { scopes_.push_back(&scope); }
  void leave() { scopes_.pop_back(); }
  std::string take() { return std::move(page_); }

 private:
  void write(template_piece const& piece) {
    switch (piece.is) {
      case kind::markup:
        page_ += piece.text;
        return;
      case kind::value:
        return write_value(piece);
      case kind::words:
        page_ += escaped(words_(piece.text), piece.where);
        return;
      case kind::section:
        return write_section(piece);
      case kind::inverted:
        if (look_up(piece.text).is_empty()) write(piece.inner);
        return;
      case kind::part:
        return write_part(piece.text);
    }
  }

  void write_value(template_piece const& piece) {
    auto const& found = look_up(piece.text);
    if (found.is() != value::kind::text) throw std::logic_error("page template: {{" + piece.text + "}} is no text");
    page_ += escaped(found.text(), piece.where);
  }

  void write_section(template_piece const& piece) {
    auto const& found = look_up(piece.text);
    if (found.is() == value::kind::text) {
      if (!found.is_empty()) write(piece.inner);
      return;
    }
    if (found.is() == value::kind::object) return write_within(found, piece.inner);
    for (auto const& item : found.items()) write_within(item, piece.inner);
  }

  void write_within(value const& scope, pieces const& inner) {
    enter(scope);
    write(inner);
    leave();
  }

  void write_part(std::string const& name) {
    if (name == "content" && content_ != nullptr) return write(*content_);
    auto const found = parts_.find(name);
    if (found == parts_.end()) throw std::out_of_range("page template: there is no part " + name);
    write(found->second);
  }

  value const& look_up(std::string const& name) const {
    if (name == ".") return *scopes_.back();
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      if (auto const* const found = (*scope)->find(name)) return *found;
    throw std::logic_error("page template: nothing is called " + name);
  }

  std::map<std::string, pieces, std::less<>> const& parts_;
  template_set::wording const& words_;
  pieces const* content_;
  std::vector<value const*> scopes_;
  std::string page_;
};

void collect_words(pieces const& all, std::set<std::string>& keys) {
  for (auto const& piece : all) {
    if (piece.is == kind::words) keys.insert(piece.text);
    collect_words(piece.inner, keys);
  }
}

pieces const& known(std::map<std::string, pieces, std::less<>> const& templates, std::string_view name) {
  auto const found = templates.find(name);
  if (found == templates.end()) throw std::out_of_range("there is no page template " + std::string(name));
  return found->second;
}

}  // namespace

void template_set::add(std::string name, std::string_view source) {
  auto parsed = parse_template(source);
  if (!parsed) throw std::logic_error(name + ", " + parsed.error().where + ": " + parsed.error().detail);
  templates_[std::move(name)] = std::move(*parsed);
}

std::string template_set::render(std::string_view name, value const& view, wording const& words) const {
  rendering pass(templates_, words, nullptr);
  pass.enter(view);
  pass.write(known(templates_, name));
  return pass.take();
}

std::string template_set::render_in(std::string_view layout, std::string_view name, value const& view,
                                    wording const& words) const {
  rendering pass(templates_, words, &known(templates_, name));
  pass.enter(view);
  pass.write(known(templates_, layout));
  return pass.take();
}

std::vector<std::string> template_set::names() const {
  std::vector<std::string> all;
  for (auto const& [name, ignored] : templates_) all.push_back(name);
  return all;
}

std::vector<std::string> template_set::word_keys() const {
  std::set<std::string> keys;
  for (auto const& [ignored, parsed] : templates_) collect_words(parsed, keys);
  return {keys.begin(), keys.end()};
}

}  // namespace ehds::node::pages
