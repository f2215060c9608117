#pragma once
// A Domibus configuration as elements that refer to each other by name.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

class domibus_elements {
 public:
  // Problems: those of xml::document::parse, edelivery.pmode.import.root.
  static result<domibus_elements> read(std::string_view xml);

  std::string own_party() const;
  std::optional<xml::node> find(std::string_view kind, std::string_view name) const;  // ("service", "testService1")
  std::vector<xml::node> all(std::string_view kind) const;                            // in the order of the file
  // An element of this kind with the name that the attribute `reference` of `from` holds.
  std::optional<xml::node> follow(xml::node from, std::string_view reference, std::string_view kind) const;
  // Names given twice, elements without a name.
  problems const& found() const { return found_; }

 private:
  explicit domibus_elements(xml::document document) : document_(std::move(document)) {}
  void index(xml::node element);

  xml::document document_;
  std::vector<xml::node> order_;
  std::map<std::pair<std::string, std::string>, xml::node, std::less<>> by_name_;
  problems found_;
};

std::string attribute_of(xml::node element, std::string_view name);  // empty when absent
// "line 12, <leg name="x">"
std::string place_of(xml::node element);
// The names inside <initiatorParties><initiatorParty name=.../></...> and the like.
std::vector<std::string> names_inside(xml::node element, std::string_view list, std::string_view member,
                                      std::string_view attribute = "name");

}  // namespace ehds::edelivery
