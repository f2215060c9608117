#include "edelivery/pmode/domibus_elements.hpp"

#include <algorithm>
#include <set>

namespace ehds::edelivery {

namespace {

constexpr std::string_view domibus_namespace = "http://domibus.eu/configuration";

xml::limits const& allowed() {
  static xml::limits const wide{.bytes = 16 * 1024 * 1024,
                                .depth = 16,
                                .elements = 200'000,
                                .attributes = 1'000'000,
                                .element_attributes = 32,
                                .namespaces = 64,
                                .element_namespaces = 8,
                                .instructions = xml::processing_instructions::accepted};
  return wide;
}

bool has_no_name(std::string_view kind) {
  static std::set<std::string_view> const lists{"mpcs",
                                                "businessProcesses",
                                                "roles",
                                                "parties",
                                                "partyIdTypes",
                                                "meps",
                                                "properties",
                                                "payloadProfiles",
                                                "securities",
                                                "errorHandlings",
                                                "agreements",
                                                "services",
                                                "actions",
                                                "as4",
                                                "splittingConfigurations",
                                                "legConfigurations"};
  return lists.contains(kind);
}

}  // namespace

result<domibus_elements> domibus_elements::read(std::string_view xml) {
  auto document = xml::document::parse(xml, allowed());
  if (!document) return std::move(document).error();
  auto const root = document->root();
  if (!root.is(domibus_namespace, "configuration"))
    return problem{"edelivery.pmode.import.root",
                   "the file is no Domibus configuration: its root is <" + std::string{root.name()}.substr(0, 60) + ">",
                   "line " + std::to_string(root.line()), "give the P-Mode file that Domibus exports"};
  domibus_elements read{*std::move(document)};
  for (auto const& each : root.children()) read.index(each);
  return read;
}

void domibus_elements::index(xml::node element) {
  if (has_no_name(element.name())) {
    for (auto const& each : element.children()) index(each);
    return;
  }
  auto const name = attribute_of(element, "name");
  if (name.empty()) {
    found_.push_back({"edelivery.pmode.import.unnamed", "the element has no name, so nothing can refer to it",
                      place_of(element), "give it a name in Domibus and export again"});
    return;
  }
  auto const added = by_name_.try_emplace({std::string{element.name()}, name}, element).second;
  if (added)
    order_.push_back(element);
  else
    found_.push_back({"edelivery.pmode.import.twice", "the name is given twice; the first one counts",
                      place_of(element), "rename one of the two"});
}

std::string domibus_elements::own_party() const { return attribute_of(document_.root(), "party"); }

std::optional<xml::node> domibus_elements::find(std::string_view kind, std::string_view name) const {
  auto const found = by_name_.find(std::pair{std::string{kind}, std::string{name}});
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::vector<xml::node> domibus_elements::all(std::string_view kind) const {
  std::vector<xml::node> these;
  std::ranges::copy_if(order_, std::back_inserter(these), [&](auto const& each) { return each.name() == kind; });
  return these;
}

std::optional<xml::node> domibus_elements::follow(xml::node from, std::string_view reference,
                                                  std::string_view kind) const {
  return find(kind, attribute_of(from, reference));
}

std::string attribute_of(xml::node element, std::string_view name) { return element.attribute(name).value_or(""); }

std::string place_of(xml::node element) {
  auto const name = attribute_of(element, "name").substr(0, 100);
  return "line " + std::to_string(element.line()) + ", <" + std::string{element.name()} +
         (name.empty() ? ">" : " name=\"" + name + "\">");
}

std::vector<std::string> names_inside(xml::node element, std::string_view list, std::string_view member,
                                      std::string_view attribute) {
  std::vector<std::string> names;
  for (auto const& each : element.children()) {
    if (!list.empty() && each.name() == list) return names_inside(each, "", member, attribute);
    if (list.empty() && each.name() == member) names.push_back(attribute_of(each, attribute));
  }
  return names;
}

}  // namespace ehds::edelivery
