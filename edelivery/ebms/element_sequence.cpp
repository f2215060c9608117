#include "edelivery/ebms/element_sequence.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/slips.hpp"
#include "edelivery/mime/text.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::size_t longest_shown = 100;  // of a name that the sender chose

std::vector<std::string> texts(std::vector<std::string_view> const& names) { return {names.begin(), names.end()}; }

problem unknown_attribute(std::string const& name, std::vector<std::string_view> const& known,
                          std::string const& path) {
  auto const all = texts(known);
  return {
      "edelivery.header.attribute", "an attribute is there that the schema does not have",
      place_below(path, "@" + name),
      all.empty() ? "leave it out: this element has none" : did_you_mean(name, all) + "there may be " + listed(all)};
}

}  // namespace

problem invalid_header(std::string_view what, std::string where, std::string detail) {
  return {"edelivery.header." + std::string{what}, std::move(detail), std::move(where),
          "send a header as the ebMS 3.0 schema has it"};
}

std::string place_below(std::string const& path, std::string_view name) {
  return name.size() <= longest_shown ? path + "/" + std::string(name) : path;
}

element_sequence::element_sequence(xml::node parent, std::string path)
    : path_(std::move(path)), children_(parent.children()) {}

element_sequence::element_sequence(xml::node parent, std::string path, std::initializer_list<std::string_view> names)
    : element_sequence(parent, std::move(path)) {
  names_ = names;
  in_any_order_ = true;
  auto const standing = std::exchange(children_, {});
  for (auto const name : names)
    std::ranges::copy_if(standing, std::back_inserter(children_), [&](auto const& one) { return one.name() == name; });
  std::ranges::copy_if(standing, std::back_inserter(children_),
                       [&](auto const& one) { return std::ranges::find(names, one.name()) == names.end(); });
}

std::optional<xml::node> element_sequence::next(std::string_view local) {
  if (std::ranges::find(names_, local) == names_.end()) names_.push_back(local);
  if (at_ == children_.size() || !children_[at_].is(ns::ebms, local)) return std::nullopt;
  return children_[at_++];
}

result<xml::node> element_sequence::demand(std::string_view local) {
  if (auto const found = next(local)) return *found;
  if (!in_any_order_)
    return invalid_header("missing", below(local), "eb:" + std::string{local} + " is missing or not in its place");
  if (auto wrong = stray()) return *std::move(wrong);
  return invalid_header("missing", below(local), "eb:" + std::string{local} + " is missing");
}

// What stands where another element is looked for: nobody asks for it, or it was taken once already.
std::optional<problem> element_sequence::stray() const {
  auto const left = std::span(children_).subspan(at_);
  auto const is_unknown = [&](xml::node one) {
    return one.namespace_uri() != ns::ebms || std::ranges::find(names_, one.name()) == names_.end();
  };
  if (auto const unknown = std::ranges::find_if(left, is_unknown); unknown != left.end()) return unexpected(*unknown);
  bool const is_again = at_ > 0 && !left.empty() && left.front().name() == children_[at_ - 1].name();
  if (is_again) return unexpected(left.front());
  return std::nullopt;
}

problem element_sequence::unexpected(xml::node child) const {
  auto wrong =
      invalid_header("unexpected", place_below(path_, child.name()), "an element stands where the schema has none");
  auto const all = texts(names_);
  if (all.empty())
    wrong.mend = "leave it out: nothing may stand there";
  else if (std::ranges::find(names_, child.name()) == names_.end())
    wrong.mend = did_you_mean(child.name(), all) + "there may stand " + listed(all);
  else if (child.namespace_uri() != ns::ebms)
    wrong.mend = "give it the namespace " + std::string(ns::ebms);
  else
    wrong.mend = in_any_order_ ? "write it once" : "write it once, and in this order: " + listed(all);
  return wrong;
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
  return unexpected(children_[at_]);
}

result<std::string> leaf_text(xml::node leaf, std::string const& path) {
  if (!leaf.children().empty()) return invalid_header("value", path, "an element stands where only text may be");
  auto text = leaf.text();
  auto const cut = trimmed(text);
  if (cut.empty()) return invalid_header("value", path, "a value is empty");
  if (cut.size() != text.size()) text = std::string{cut};
  return text;
}

result<void> only_attributes(xml::node element, std::vector<std::string_view> const& names, std::string const& path) {
  for (auto const& each : element.attributes())
    if (each.namespace_uri.empty() && std::ranges::find(names, each.name) == names.end())
      return unknown_attribute(each.name, names, path);
  return {};
}

result<void> allow_attributes(xml::node element, std::vector<std::string_view> const& names, std::string const& path) {
  for (auto const& each : element.attributes()) {
    if (!each.namespace_uri.empty()) continue;
    if (std::ranges::find(names, each.name) == names.end()) return unknown_attribute(each.name, names, path);
    if (each.value.empty()) return invalid_header("attribute", path + "/@" + each.name, "an attribute is empty");
  }
  return {};
}

}  // namespace ehds::edelivery
