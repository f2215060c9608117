#pragma once
// How the elements of an agreement update are read. For the sources of this folder only.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

namespace ns {
inline constexpr std::string_view agreement_update = "http://docs.oasis-open.org/ebcore/ns/AgreementUpdate/v1.0";
inline constexpr std::string_view certificate_update = certificate_update_service;
inline constexpr std::string_view xml_signature = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view xml_signature_11 = "http://www.w3.org/2009/xmldsig11#";
}  // namespace ns

problem bad_update(std::string_view what, std::string detail, xml::node at);

// The children of an element in the order of the schema; with no text between them and no attribute but those named
// (and those of a namespace, such as xsi:schemaLocation and xml:lang).
class update_children {
 public:
  static result<update_children> of(xml::node parent, std::vector<std::string_view> const& attributes = {});

  std::optional<xml::node> next(std::string_view ns, std::string_view local);
  result<xml::node> demand(std::string_view ns, std::string_view local);
  result<void> end() const;

 private:
  explicit update_children(xml::node parent) : parent_(parent), children_(parent.children()) {}

  xml::node parent_;
  std::vector<xml::node> children_;
  std::size_t at_ = 0;
};

// Text of a leaf, blanks around it cut off: not empty, at most so long, no element and no attribute but those named.
result<std::string> update_text(xml::node leaf, std::size_t longest = longest_update_value,
                                std::vector<std::string_view> const& attributes = {});

result<certificate_update> read_certificate_update(xml::node element);

}  // namespace ehds::edelivery
