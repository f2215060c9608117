#pragma once
// Reads the children of an element in the order that a schema has for them, or in any where it has none.
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

// The problem of a header that the schema does not allow.
problem invalid_header(std::string_view what, std::string where, std::string detail);

// "path/name", unless the name is too long to be shown.
std::string place_below(std::string const& path, std::string_view name);

class element_sequence {
 public:
  element_sequence(xml::node parent, std::string path);
  // Where the schema has xs:all: whatever the order in which they stand, they are given in that of `names`.
  element_sequence(xml::node parent, std::string path, std::initializer_list<std::string_view> names);

  // The next child if it is this element of the ebMS namespace.
  std::optional<xml::node> next(std::string_view local);
  // The same, where the schema demands it. Problem edelivery.header.missing; edelivery.header.unexpected of one that
  // stands there instead, where any order is right.
  result<xml::node> demand(std::string_view local);
  // Text of a leaf that the schema demands, or may hold: not empty, no elements inside.
  result<std::string> demand_text(std::string_view local);
  result<std::string> next_text(std::string_view local);
  // Nothing may be left. Problem edelivery.header.unexpected, at the element, with the one that was probably meant.
  result<void> end() const;

  std::string const& path() const { return path_; }
  std::string below(std::string_view local) const { return path_ + "/" + std::string{local}; }

 private:
  std::optional<problem> stray() const;
  problem unexpected(xml::node child) const;

  std::string path_;
  std::vector<std::string_view> names_;  // that were asked for
  bool in_any_order_ = false;
  std::vector<xml::node> children_;
  std::size_t at_ = 0;
};

// Text of a leaf element. Problem edelivery.header.value.
result<std::string> leaf_text(xml::node leaf, std::string const& path);

// Attributes without namespace: only those named may be there; and none of them empty. Problem
// edelivery.header.attribute, with the one that was probably meant.
result<void> only_attributes(xml::node element, std::vector<std::string_view> const& names, std::string const& path);
result<void> allow_attributes(xml::node element, std::vector<std::string_view> const& names, std::string const& path);

}  // namespace ehds::edelivery
