#include "edelivery/ebms/element_sequence.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

problem invalid_header(std::string_view what, std::string where, std::string detail) {
  return {"edelivery.header." + std::string{what}, std::move(detail), std::move(where),
          "send a header as the ebMS 3.0 schema orders it"};
}

element_sequence::element_sequence(xml::node parent, std::string path)
    : path_(std::move(path)), children_(parent.children()) {}

element_sequence::element_sequence(xml::node parent, std::string path, std::initializer_list<std::string_view> names)
    : element_sequence(parent, std::move(path)) {
  auto const standing = std::exchange(children_, {});
  for (auto const name : names)
    std::ranges::copy_if(standing, std::back_inserter(children_), [&](auto const& one) { return one.name() == name; });
  std::ranges::copy_if(standing, std::back_inserter(children_),
                       [&](auto const& one) { return std::ranges::find(names, one.name()) == names.end(); });
}

std::optional<xml::node> element_sequence::next(std::string_view local) {
  if (at_ == children_.size() || !children_[at_].is(ns::ebms, local)) return std::nullopt;
  return children_[at_++];
}

result<xml::node> element_sequence::demand(std::string_view local) {
  if (auto const found = next(local)) return *found;
  return invalid_header("missing", below(local), "eb:" + std::string{local} + " is missing or not in its place");
}

result<std::string> element_sequence::demand_text(std::string_view local) {
  auto const found = demand(local);
  if (!found) return found.error();
  return leaf_text(*found, below(local));
}

result<std::string> element_sequence::next_text(std::string_view local) {
  auto const found = next(local);
  if (!found) return std::string{};
  return leaf_text(*found, below(local));
}

result<void> element_sequence::end() const {
  if (at_ == children_.size()) return {};
  return invalid_header("unexpected", path_, "an element stands where the schema has none");
}

result<std::string> leaf_text(xml::node leaf, std::string const& path) {
  if (!leaf.children().empty()) return invalid_header("value", path, "an element stands where only text may be");
  auto text = leaf.text();
  auto const cut = trimmed(text);
  if (cut.empty()) return invalid_header("value", path, "a value is empty");
  if (cut.size() != text.size()) text = std::string{cut};
  return text;
}

result<void> allow_attributes(xml::node element, std::vector<std::string_view> const& names, std::string const& path) {
  for (auto const& each : element.attributes()) {
    if (!each.namespace_uri.empty()) continue;
    if (std::ranges::find(names, each.name) == names.end()) {
      return invalid_header("attribute", path, "an attribute is there that the schema does not have");
    }
    if (each.value.empty()) return invalid_header("attribute", path + "/@" + each.name, "an attribute is empty");
  }
  return {};
}

}  // namespace ehds::edelivery
