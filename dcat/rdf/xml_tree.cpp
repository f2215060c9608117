#include "dcat/rdf/xml_tree.hpp"

#include <climits>

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/xmlsave.h>

namespace ehds::dcat::xml {
namespace {

struct parser_freed {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

// A document type stands before the root element or nowhere.
bool starts_with_doctype(std::string_view bytes) {
  for (;;) {
    auto const start = bytes.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return false;
    bytes.remove_prefix(start);
    std::string_view close;
    if (bytes.starts_with("<?")) close = "?>";
    if (bytes.starts_with("<!--")) close = "-->";
    if (close.empty()) return bytes.starts_with("<!");
    auto const end = bytes.find(close);
    if (end == std::string_view::npos) return false;
    bytes.remove_prefix(end + close.size());
  }
}

bool is_deeper_than(xmlNode const* root, std::size_t limit) {
  std::size_t depth = 1;
  for (auto const* node = root; node != nullptr;) {
    if (depth > limit) return true;
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {
      node = node->children;
      ++depth;
      continue;
    }
    while (node != root && node->next == nullptr) {
      node = node->parent;
      --depth;
    }
    if (node == root) return false;
    node = node->next;
  }
  return false;
}

problem syntax_problem(xmlParserCtxt* parser) {
  auto const* const error = xmlCtxtGetLastError(parser);
  if (error == nullptr || error->message == nullptr) return {"rdf.syntax", "The XML is not well-formed.", {}, {}};
  std::string said(error->message);
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return {"rdf.syntax",
          "The XML is not well-formed: " + said + ".",
          "line " + std::to_string(error->line) + ", column " + std::to_string(error->int2),
          {}};
}

}  // namespace

result<document> parse(std::string_view bytes, std::size_t max_depth) {
  if (starts_with_doctype(bytes)) {
    return problem{"rdf.doctype", "A document type declaration is not accepted.", {}, "Remove <!DOCTYPE ...>."};
  }
  if (bytes.size() > INT_MAX) return problem{"rdf.too_large", "The XML is too large.", {}, {}};
  std::unique_ptr<xmlParserCtxt, parser_freed> const parser{xmlNewParserCtxt()};
  if (!parser) throw std::bad_alloc();
  constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                          XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;
  document made{
      xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, "UTF-8", options)};
  if (!made) return syntax_problem(parser.get());
  if (made->intSubset != nullptr) return problem{"rdf.doctype", "A document type declaration is not accepted.", {}, {}};
  if (is_deeper_than(xmlDocGetRootElement(made.get()), max_depth)) {
    return problem{"rdf.too_deep", "Elements nest deeper than " + std::to_string(max_depth) + ".", {}, {}};
  }
  return made;
}

std::string_view text(xmlChar const* s) {
  return s == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<char const*>(s));
}

std::string attribute_value(xmlAttr const* attribute) {
  std::string value;
  for (auto const* child = attribute->children; child != nullptr; child = child->next) value += text(child->content);
  return value;
}

std::string name_iri(xmlNs const* space, xmlChar const* local) {
  std::string iri(space == nullptr ? std::string_view{} : text(space->href));
  return iri += text(local);
}

xmlNode const* next_element(xmlNode const* node) {
  for (node = node->next; node != nullptr && node->type != XML_ELEMENT_NODE;) node = node->next;
  return node;
}

xmlNode const* first_element(xmlNode const* parent) {
  auto const* const child = parent->children;
  if (child == nullptr || child->type == XML_ELEMENT_NODE) return child;
  return next_element(child);
}

std::string character_data(xmlNode const* parent) {
  std::string data;
  for (auto const* child = parent->children; child != nullptr; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) data += text(child->content);
  return data;
}

bool has_text_besides_blanks(xmlNode const* parent) {
  return character_data(parent).find_first_not_of(" \t\r\n") != std::string::npos;
}

std::string line_of(xmlNode const* node) { return "line " + std::to_string(xmlGetLineNo(node)); }

std::string inner_xml(xmlNode* parent) {
  std::string out;
  for (auto* child = parent->children; child != nullptr; child = child->next) {
    // A document of its own, so that the canonical form declares the namespaces it uses.
    document const alone{xmlNewDoc(nullptr)};
    auto* const copy = xmlDocCopyNode(child, alone.get(), 1);
    if (copy == nullptr) continue;
    xmlAddChild(reinterpret_cast<xmlNode*>(alone.get()), copy);
    if (child->type == XML_TEXT_NODE) {
      auto* const escaped = xmlEncodeSpecialChars(alone.get(), child->content);
      out += text(escaped);
      xmlFree(escaped);
      continue;
    }
    xmlChar* bytes = nullptr;
    int const size = xmlC14NDocDumpMemory(alone.get(), nullptr, XML_C14N_EXCLUSIVE_1_0, nullptr, 1, &bytes);
    if (size > 0) out.append(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
    xmlFree(bytes);
  }
  return out;
}

}  // namespace ehds::dcat::xml
