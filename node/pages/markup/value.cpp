#include "node/pages/markup/value.hpp"

#include <algorithm>

namespace ehds::node::pages {

value value::object(std::vector<member> members) {
  value made;
  made.kind_ = kind::object;
  for (auto& [name, held] : members) made.set(std::move(name), std::move(held));
  return made;
}

value value::list(std::vector<value> items) {
  value made;
  made.kind_ = kind::list;
  made.items_ = std::move(items);
  return made;
}

value const* value::find(std::string_view name) const {
  if (kind_ != kind::object) return nullptr;
  auto const found = std::ranges::find(names_, name);
  return found == names_.end() ? nullptr : &items_[static_cast<std::size_t>(found - names_.begin())];
}

bool value::is_empty() const { return kind_ == kind::text ? text_.empty() : kind_ == kind::list && items_.empty(); }

value& value::set(std::string name, value to) {
  kind_ = kind::object;
  auto const found = std::ranges::find(names_, name);
  if (found != names_.end()) {
    items_[static_cast<std::size_t>(found - names_.begin())] = std::move(to);
    return *this;
  }
  names_.push_back(std::move(name));
  items_.push_back(std::move(to));
  return *this;
}

}  // namespace ehds::node::pages
