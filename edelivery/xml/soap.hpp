#pragma once
// The frame of a received message: a SOAP 1.2 envelope with exactly one eb:Messaging, at most one
// wsse:Security, one Body, each in its one place, and no Id twice (edelivery reference 4.2, rules 1 to 3).
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

namespace ns {
inline constexpr std::string_view soap = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view ebms = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/";
inline constexpr std::string_view ebbp = "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0";
inline constexpr std::string_view wsse =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
inline constexpr std::string_view wsse11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";
inline constexpr std::string_view wsu =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
inline constexpr std::string_view ds = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view ec = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr std::string_view xenc = "http://www.w3.org/2001/04/xmlenc#";
inline constexpr std::string_view xenc11 = "http://www.w3.org/2009/xmlenc11#";
inline constexpr std::string_view dsig11 = "http://www.w3.org/2009/xmldsig11#";
inline constexpr std::string_view dsig_more = "http://www.w3.org/2021/04/xmldsig-more#";
inline constexpr std::string_view xml = "http://www.w3.org/XML/1998/namespace";
}  // namespace ns

// Nodes are views into the envelope: keep it alive. messaging() may be read before verification to
// find the P-Mode, and must not be believed before.
class parsed_envelope {
 public:
  using id_index = std::map<std::string, xml::node, std::less<>>;
  struct places {
    xml::node header;
    xml::node messaging;
    xml::node body;
    std::optional<xml::node> security;
  };
  parsed_envelope(xml::document document, places found, id_index ids)
      : document_(std::move(document)), at_(found), ids_(std::move(ids)) {}

  xml::node root() const { return document_.root(); }
  xml::node header() const { return at_.header; }
  xml::node messaging() const { return at_.messaging; }
  xml::node body() const { return at_.body; }
  std::optional<xml::node> security() const { return at_.security; }

  // The one element that carries this Id (wsu:Id, Id, ID, id or xml:id); ids are unique here.
  std::optional<xml::node> by_id(std::string_view id) const;

 private:
  xml::document document_;
  places at_;
  id_index ids_;
};

// Problems: those of xml::document::parse; edelivery.header.{soap_version, envelope, messaging, body,
// must_understand}; edelivery.policy.security_headers; edelivery.authentication.{wrapped, duplicate_id}.
result<parsed_envelope> parse_envelope(std::string_view soap, xml::limits const& allowed = {});

// Of a SOAP 1.2 envelope that is no AS4 message: the one element in its one Body. Empty when there is not just one.
std::optional<xml::node> only_in_body(xml::node envelope);

}  // namespace ehds::edelivery
