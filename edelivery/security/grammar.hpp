#pragma once
// How the elements of wsse:Security are read: children in the order of a fixed grammar, nothing beside them. For the
// sources of this folder only.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

// Problem edelivery.policy.structure: the element must hold what is expected and nothing else.
problem unforeseen(xml::node at, std::string_view expected);

// The children of an element, taken in the order of the grammar.
class grammar {
 public:
  explicit grammar(xml::node parent) : parent_(parent), children_(parent.children()) {}

  std::optional<xml::node> take(std::string_view ns, std::string_view local) {
    if (at_ < children_.size() && children_[at_].is(ns, local)) return children_[at_++];
    return std::nullopt;
  }
  bool at_end() const { return at_ == children_.size(); }
  problem unexpected(std::string_view expected) const { return unforeseen(parent_, expected); }

 private:
  xml::node parent_;
  std::vector<xml::node> children_;
  std::size_t at_ = 0;
};

// Character data alone: no element, comment or processing instruction, so that every reader reads the same value.
result<std::string> text_in(xml::node element);
std::string algorithm_of(xml::node element);      // its Algorithm, or empty
result<std::string> bytes_in(xml::node element);  // base64 text, not empty, nothing beside it
result<std::string> possibly_no_bytes_in(xml::node element);
result<xml::node> token_reference_in(xml::node key_info);  // one wsse:SecurityTokenReference

}  // namespace ehds::edelivery
