#pragma once
// What a template is filled with: texts, lists and objects, nothing else. A number is written as text before it comes
// here; a flag is a text that is empty or not.
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ehds::node::pages {

class value {
 public:
  using member = std::pair<std::string, value>;
  enum class kind { text, list, object };

  value() = default;  // the empty text
  value(std::string text) : text_(std::move(text)) {}
  value(std::string_view text) : text_(text) {}
  value(char const* text) : text_(text) {}
  template <std::integral Number>
  explicit value(Number number) : text_(std::to_string(number)) {}
  explicit value(bool flag) : text_(flag ? "yes" : "") {}

  static value object(std::vector<member> members);
  static value list(std::vector<value> items);
  // One value of each element.
  template <class Range, class Make>
  static value list(Range const& range, Make make) {
    std::vector<value> items;
    for (auto const& element : range) items.push_back(make(element));
    return list(std::move(items));
  }

  kind is() const { return kind_; }
  std::string const& text() const { return text_; }
  std::vector<value> const& items() const { return items_; }
  value const* find(std::string_view name) const;  // null when this is no object or has no such member
  bool is_empty() const;                           // the empty text, a list of nothing
  value& set(std::string name, value to);          // of an object; returns *this

 private:
  kind kind_ = kind::text;
  std::string text_;
  std::vector<value> items_;
  std::vector<std::string> names_;  // of items_, in an object
};

}  // namespace ehds::node::pages
