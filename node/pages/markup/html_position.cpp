#include "node/pages/markup/html_position.hpp"

#include <algorithm>
#include <cctype>

namespace ehds::node::pages {
namespace {

problem wrong(std::string detail) { return {"page.template", std::move(detail), {}, "mend the template"}; }

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

bool html_position::is_address() const { return word_ == "href" || word_ == "src" || word_ == "action"; }

result<void> html_position::check_attribute() const {
  if (word_.starts_with("on") || word_ == "style" || word_ == "srcdoc" || word_ == "srcset" || word_ == "formaction")
    return wrong("the attribute " + word_ + " has no place in a template");
  return {};
}

result<void> html_position::in_tag(char c) {
  if (c == '>') {
    at_ = state::text;
  } else if (!is_blank(c) && c != '/') {
    at_ = state::attribute_name;
    word_ = std::string(1, c);
  }
  return {};
}

result<void> html_position::step(char c) {
  switch (at_) {
    case state::text:
      if (c != '<') return script_ ? result<void>{wrong("a script stands in a file of its own")} : result<void>{};
      at_ = state::tag_name;
      word_.clear();
      return {};
    case state::tag_name:
      if (is_blank(c) || c == '>') {
        if (word_ == "style") return wrong("no style element: the policy of the pages forbids it");
        script_ = word_ == "script";
        at_ = state::tag;
        return in_tag(c);
      }
      word_ += c;
      if (word_ == "!--") at_ = state::comment;
      return {};
    case state::tag:
      return in_tag(c);
    case state::attribute_name:
      if (c == '=') {
        at_ = state::before_value;
        return check_attribute();
      }
      if (!is_blank(c) && c != '>') {
        word_ += c;
        return {};
      }
      at_ = state::tag;
      return check_attribute().and_then([&] { return in_tag(c); });
    case state::before_value:
      if (c != '"') return wrong("the attribute " + word_ + " is not in double quotes");
      at_ = state::value;
      begun_ = false;
      return {};
    case state::value:
      if (c == '"') at_ = state::tag;
      begun_ = true;
      return {};
    case state::comment:
      return wrong("no comments in markup: they would be sent");
  }
  return {};
}

result<void> html_position::advance(std::string_view markup) {
  for (char const c : markup)
    if (auto done = step(c); !done) return done;
  return {};
}

result<position> html_position::place_of_value() {
  if (at_ == state::text && script_) return wrong("no value stands in a script");
  if (at_ == state::text) return position::text;
  if (at_ != state::value) return wrong("a value stands inside a tag but in no quoted attribute");
  auto const where = !is_address() ? position::attribute : begun_ ? position::address_part : position::address;
  begun_ = true;
  return where;
}

}  // namespace ehds::node::pages
