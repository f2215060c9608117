#include "edelivery/certificate_update/update_elements.hpp"

#include <algorithm>

#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

result<void> check_attributes(xml::node element, std::vector<std::string_view> const& names) {
  for (auto const& each : element.attributes()) {
    if (!each.namespace_uri.empty()) continue;
    if (std::ranges::find(names, each.name) == names.end())
      return bad_update("attribute", "It has an attribute that the schema does not have.", element);
    if (each.value.empty() || each.value.size() > longest_update_value)
      return bad_update("attribute", "An attribute is empty or too long.", element);
  }
  return {};
}

}  // namespace

problem bad_update(std::string_view what, std::string detail, xml::node at) {
  return {"edelivery.update." + std::string(what), std::move(detail),
          std::string(at.name().substr(0, 64)) + " in line " + std::to_string(at.line()),
          "Write the document as the schema of ebCore Agreement Update 1.0 orders it."};
}

result<update_children> update_children::of(xml::node parent, std::vector<std::string_view> const& attributes) {
  if (parent.has_text()) return bad_update("unexpected", "Text stands where the schema has elements only.", parent);
  if (auto const good = check_attributes(parent, attributes); !good) return good.error();
  return update_children(parent);
}

std::optional<xml::node> update_children::next(std::string_view ns, std::string_view local) {
  if (at_ == children_.size() || !children_[at_].is(ns, local)) return std::nullopt;
  return children_[at_++];
}

result<xml::node> update_children::demand(std::string_view ns, std::string_view local) {
  if (auto const found = next(ns, local)) return *found;
  return bad_update("missing", std::string(local) + " is missing, or not in its place.", parent_);
}

result<void> update_children::end() const {
  if (at_ == children_.size()) return {};
  return bad_update("unexpected", "An element stands where the schema has none.", children_[at_]);
}

result<std::string> update_text(xml::node leaf, std::size_t longest, std::vector<std::string_view> const& attributes) {
  if (!leaf.children().empty()) return bad_update("value", "An element stands where only text may be.", leaf);
  if (auto const good = check_attributes(leaf, attributes); !good) return good.error();
  auto const text = leaf.text();
  auto const cut = trimmed(text);
  if (cut.empty()) return bad_update("value", "The value is empty.", leaf);
  if (cut.size() > longest) return bad_update("value", "The value is too long.", leaf);
  return std::string(cut);
}

}  // namespace ehds::edelivery
