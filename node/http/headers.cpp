#include "node/http/headers.hpp"

#include <algorithm>

namespace ehds::node::http {

namespace {
char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
}  // namespace

std::string lower(std::string_view text) {
  std::string made{text};
  std::ranges::transform(made, made.begin(), lower_letter);
  return made;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_letter(x) == lower_letter(y); });
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void headers::remove(std::string_view name) {
  std::erase_if(fields_, [name](http_header const& f) { return same_name(f.name, name); });
}

bool headers::has(std::string_view name) const {
  return std::ranges::any_of(fields_, [name](http_header const& f) { return same_name(f.name, name); });
}

std::string_view headers::get(std::string_view name) const {
  auto const found = std::ranges::find_if(fields_, [name](http_header const& f) { return same_name(f.name, name); });
  return found == fields_.end() ? std::string_view{} : std::string_view{found->value};
}

std::string headers::all(std::string_view name) const {
  std::string joined;
  for (auto const& f : fields_) {
    if (!same_name(f.name, name)) continue;
    if (!joined.empty()) joined += ", ";
    joined += f.value;
  }
  return joined;
}

}  // namespace ehds::node::http
