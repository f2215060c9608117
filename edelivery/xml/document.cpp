#include "edelivery/xml/document.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <mutex>

namespace ehds::edelivery::xml {

namespace {

std::string_view view(xmlChar const* text) {
  if (text == nullptr) return {};
  return reinterpret_cast<char const*>(text);
}

struct parser_context_deleter {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};
using parser_context = std::unique_ptr<xmlParserCtxt, parser_context_deleter>;

// The value of an attribute is a list of text nodes; entity references cannot be among them after the scan.
std::string value_of(xmlAttr const* attribute) {
  std::string value;
  for (auto const* part = attribute->children; part != nullptr; part = part->next) value += view(part->content);
  return value;
}

problem not_well_formed(xmlParserCtxt const* context) {
  auto const line = context == nullptr ? 0 : context->lastError.line;
  return {"edelivery.header.xml", "The XML is not well-formed", line > 0 ? "line " + std::to_string(line) : "",
          "Send well-formed XML with every prefix declared."};
}

// Given as a stream, because libxml2 copies what it is given whole.
int read_on(void* source, char* into, int most) {
  auto& rest = *static_cast<std::string_view*>(source);
  auto const taken = std::min(rest.size(), static_cast<std::size_t>(most));
  rest.copy(into, taken);
  rest.remove_prefix(taken);
  return static_cast<int>(taken);
}

std::optional<node> element_from(xmlNode* at) {
  while (at != nullptr && at->type != XML_ELEMENT_NODE) at = at->next;
  return at == nullptr ? std::nullopt : std::optional(node(at));
}

bool is_character_data(xmlNode const* each) {
  return each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
}

}  // namespace

std::string_view node::name() const { return view(handle_->name); }

std::string_view node::namespace_uri() const { return handle_->ns == nullptr ? "" : view(handle_->ns->href); }

bool node::is(std::string_view ns, std::string_view local) const { return name() == local && namespace_uri() == ns; }

std::string node::text() const {
  std::string all;
  for (auto const* each = handle_->children; each != nullptr; each = each->next) {
    if (is_character_data(each)) all += view(each->content);
  }
  return all;
}

bool node::has_text() const {
  for (auto const* each = handle_->children; each != nullptr; each = each->next) {
    if (is_character_data(each) && view(each->content).find_first_not_of(" \t\r\n") != std::string::npos) return true;
  }
  return false;
}

std::optional<std::string> node::attribute(std::string_view local, std::string_view ns) const {
  for (auto const* each = handle_->properties; each != nullptr; each = each->next) {
    auto const uri = each->ns == nullptr ? std::string_view() : view(each->ns->href);
    if (view(each->name) == local && uri == ns) return value_of(each);
  }
  return std::nullopt;
}

bool node::has_attributes() const { return handle_->properties != nullptr; }

std::vector<attribute> node::attributes() const {
  std::vector<xml::attribute> all;
  for (auto const* each = handle_->properties; each != nullptr; each = each->next) {
    auto const uri = each->ns == nullptr ? std::string_view() : view(each->ns->href);
    all.push_back({std::string(view(each->name)), std::string(uri), value_of(each)});
  }
  return all;
}

bool node::is_uninterrupted() const {
  for (auto const* each = handle_->children; each != nullptr; each = each->next) {
    if (each->type == XML_COMMENT_NODE || each->type == XML_PI_NODE) return false;
  }
  return true;
}

std::optional<node> node::first_child() const { return element_from(handle_->children); }
std::optional<node> node::next_sibling() const { return element_from(handle_->next); }

std::vector<node> node::children() const {
  std::vector<node> all;
  for (auto* each = handle_->children; each != nullptr; each = each->next) {
    if (each->type == XML_ELEMENT_NODE) all.emplace_back(each);
  }
  return all;
}

std::vector<node> node::children(std::string_view ns, std::string_view local) const {
  auto all = children();
  std::erase_if(all, [&](node const& each) { return !each.is(ns, local); });
  return all;
}

std::optional<node> node::child(std::string_view ns, std::string_view local) const {
  for (auto* each = handle_->children; each != nullptr; each = each->next) {
    if (each->type == XML_ELEMENT_NODE && node(each).is(ns, local)) return node(each);
  }
  return std::nullopt;
}

std::optional<node> node::parent() const {
  if (handle_->parent == nullptr || handle_->parent->type != XML_ELEMENT_NODE) return std::nullopt;
  return node(handle_->parent);
}

long node::line() const { return xmlGetLineNo(handle_); }

result<document> document::parse(std::string_view bytes, limits const& allowed) {
  if (auto scanned = scan(bytes, allowed); !scanned) return std::move(scanned).error();
  static std::once_flag prepared;
  std::call_once(prepared, [] { xmlInitParser(); });
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);  // the byte order mark
  parser_context const context(xmlNewParserCtxt());
  if (!context) throw std::bad_alloc();
  constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  std::shared_ptr<xmlDoc> handle(xmlCtxtReadIO(context.get(), &read_on, nullptr, &bytes, nullptr, "UTF-8", options),
                                 [](xmlDoc* doc) { xmlFreeDoc(doc); });
  // Undeclared prefixes leave the document readable for libxml2, but its names would mean nothing.
  if (!handle || context->wellFormed == 0 || context->nsWellFormed == 0) return not_well_formed(context.get());
  if (handle->intSubset != nullptr || xmlDocGetRootElement(handle.get()) == nullptr) {
    return not_well_formed(context.get());
  }
  return document(std::move(handle));
}

node document::root() const { return node(xmlDocGetRootElement(handle_.get())); }

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      case '\n':
        out += "&#xA;";
        break;
      case '\t':
        out += "&#x9;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace ehds::edelivery::xml
