#include "edelivery/xml/soap.hpp"

#include <array>

namespace ehds::edelivery {

namespace {

constexpr std::array<std::string_view, 3> plain_id_names = {"Id", "ID", "id"};

problem wrong_header(char const* what, char const* detail, xml::node at) {
  return {std::string("edelivery.header.") + what, detail, "line " + std::to_string(at.line()), ""};
}

// A name that may stand in one place only.
bool is_framing(xml::node element) {
  return element.is(ns::soap, "Envelope") || element.is(ns::soap, "Header") || element.is(ns::soap, "Body") ||
         element.is(ns::ebms, "Messaging") || element.is(ns::wsse, "Security");
}

// Looks at every element once: collects the ids, and counts the framing elements.
class survey {
 public:
  result<void> visit(xml::node element) {
    if (is_framing(element)) ++framing_;
    if (element.has_attributes()) {
      if (auto kept = keep_ids(element); !kept) return kept;
    }
    for (auto child = element.first_child(); child; child = child->next_sibling()) {
      if (auto visited = visit(*child); !visited) return visited;
    }
    return {};
  }
  std::size_t framing() const { return framing_; }
  parsed_envelope::id_index take_ids() { return std::move(ids_); }

 private:
  result<void> keep_ids(xml::node element) {
    for (auto const name : plain_id_names) {
      if (auto kept = keep(element.attribute(name), element); !kept) return kept;
    }
    if (auto kept = keep(element.attribute("Id", ns::wsu), element); !kept) return kept;
    return keep(element.attribute("id", ns::xml), element);
  }

  result<void> keep(std::optional<std::string> id, xml::node element) {
    if (!id) return {};
    if (ids_.emplace(std::move(*id), element).second) return {};
    return problem{"edelivery.authentication.duplicate_id", "The same Id stands on the message twice",
                   "line " + std::to_string(element.line()), "Make every Id of a message unique."};
  }

  std::size_t framing_ = 0;
  parsed_envelope::id_index ids_;
};

bool must_be_understood(xml::node element) {
  auto const demanded = element.attribute("mustUnderstand", ns::soap);
  return demanded && (*demanded == "true" || *demanded == "1");
}

// Sorts the children of S12:Header; each kind that counts may come once.
result<parsed_envelope::places> places_in_header(xml::node header, xml::node body) {
  std::optional<xml::node> messaging;
  std::optional<xml::node> security;
  for (auto const child : header.children()) {
    if (child.is(ns::ebms, "Messaging")) {
      if (messaging) return wrong_header("messaging", "The header holds eb:Messaging twice", child);
      messaging = child;
    } else if (child.is(ns::wsse, "Security")) {
      if (security) {
        return problem{"edelivery.policy.security_headers", "The header holds wsse:Security twice",
                       "line " + std::to_string(child.line()), ""};
      }
      security = child;
    } else if (must_be_understood(child)) {
      return wrong_header("must_understand", "A header block that must be understood is not known here", child);
    }
  }
  if (!messaging) return wrong_header("messaging", "The header holds no eb:Messaging", header);
  return parsed_envelope::places{header, *messaging, body, security};
}

result<parsed_envelope::places> find_places(xml::node root) {
  if (root.name() != "Envelope") return wrong_header("envelope", "The document is not a SOAP envelope", root);
  if (root.namespace_uri() != ns::soap) {
    return wrong_header("soap_version", "The envelope is not one of SOAP 1.2", root);
  }
  auto const children = root.children();
  if (children.empty() || !children[0].is(ns::soap, "Header")) {
    return wrong_header("envelope", "The envelope does not begin with its Header", root);
  }
  if (children.size() != 2 || !children[1].is(ns::soap, "Body")) {
    return wrong_header("body", "After the Header there must be one Body and nothing else", root);
  }
  return places_in_header(children[0], children[1]);
}

}  // namespace

std::optional<xml::node> parsed_envelope::by_id(std::string_view id) const {
  auto const found = ids_.find(id);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

result<parsed_envelope> parse_envelope(std::string_view soap, xml::limits const& allowed) {
  auto document = xml::document::parse(soap, allowed);
  if (!document) return std::move(document).error();
  survey all;
  if (auto visited = all.visit(document->root()); !visited) return std::move(visited).error();
  auto found = find_places(document->root());
  if (!found) return std::move(found).error();
  std::size_t const expected = found->security ? 5 : 4;
  if (all.framing() != expected) {
    return problem{"edelivery.authentication.wrapped",
                   "An envelope, header, body, eb:Messaging or wsse:Security stands where it does not belong", "",
                   "Send each of them once, in its own place."};
  }
  return parsed_envelope(*std::move(document), *found, all.take_ids());
}

std::optional<xml::node> only_in_body(xml::node envelope) {
  auto const bodies = envelope.children(ns::soap, "Body");
  auto const inside = bodies.size() == 1 ? bodies.front().children() : std::vector<xml::node>();
  return inside.size() == 1 ? std::optional{inside.front()} : std::nullopt;
}

}  // namespace ehds::edelivery
