#pragma once
// XML as a tree to be read and canonicalised, never changed: what was received is what is verified.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/xml/scan.hpp"

struct _xmlDoc;
struct _xmlNode;

namespace ehds::edelivery::xml {

struct attribute {
  std::string name;           // local
  std::string namespace_uri;  // empty for plain attributes
  std::string value;
};

// An element of a document. A cheap view: valid as long as its document lives. Equality is identity
// (the same element, not an equal one), which is what signature wrapping attacks are measured with.
class node {
 public:
  explicit node(_xmlNode* handle) : handle_(handle) {}

  std::string_view name() const;           // local
  std::string_view namespace_uri() const;  // empty when there is none
  bool is(std::string_view ns, std::string_view local) const;

  // No comment and no processing instruction directly inside: for values that are read as text alone.
  bool is_uninterrupted() const;
  // All character data directly inside, comments skipped and nothing cut at them; white space as it stands.
  std::string text() const;
  std::optional<std::string> attribute(std::string_view local, std::string_view ns = {}) const;
  bool has_attributes() const;
  std::vector<xml::attribute> attributes() const;

  std::vector<node> children() const;  // elements only
  std::optional<node> first_child() const;
  std::optional<node> next_sibling() const;
  std::vector<node> children(std::string_view ns, std::string_view local) const;
  std::optional<node> child(std::string_view ns, std::string_view local) const;  // the first
  std::optional<node> parent() const;
  bool has_text() const;  // any character data but white space directly inside?
  long line() const;

  bool operator==(node const&) const = default;
  _xmlNode* handle() const { return handle_; }

 private:
  _xmlNode* handle_;
};

class document {
 public:
  // Scans, then parses without network, entities, DTD or the huge option; undeclared prefixes are refused.
  // Problems: those of scan, and edelivery.header.xml for what is not well-formed.
  static result<document> parse(std::string_view bytes, limits const& allowed = {});

  node root() const;
  _xmlDoc* handle() const { return handle_.get(); }

 private:
  explicit document(std::shared_ptr<_xmlDoc> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<_xmlDoc> handle_;
};

// Exclusive XML Canonicalization 1.0 without comments of the subtree under `apex`. `prefixes` is the
// InclusiveNamespaces PrefixList ("#default" allowed, at most 32). Problem edelivery.header.c14n: the octets
// could not be made, or would be more than `most`, so nothing may be concluded from them.
result<std::string> canonicalize(node apex, std::vector<std::string> const& prefixes = {},
                                 std::size_t most = std::string::npos);
// The same for a whole document (processing instructions beside the root element included).
result<std::string> canonicalize(document const& whole);

// For signatures inside what they sign (XML Signature 6.5 and 6.6.4), where the older inclusive form (Canonical
// XML 1.0, without comments) is usual: a subtree, and a whole document but for the subtree of its signature. Same
// problem.
enum class canonical_form { exclusive, inclusive };
result<std::string> canonicalize(node apex, canonical_form form, std::vector<std::string> const& prefixes,
                                 std::size_t most = std::string::npos);
result<std::string> canonicalize_without(document const& whole, node hidden, canonical_form form,
                                         std::vector<std::string> const& prefixes);

// Text with everything escaped that is special in content or in a quoted attribute value.
std::string escaped(std::string_view text);

}  // namespace ehds::edelivery::xml
