// Canonical XML. Its own file because it is the one place where libxml2 writes.
#include "edelivery/xml/document.hpp"

#include <libxml/c14n.h>
#include <libxml/tree.h>
#include <libxml/xmlIO.h>

#include <algorithm>
#include <utility>

namespace ehds::edelivery::xml {

namespace {

constexpr std::size_t most_prefixes = 32;

problem failed(std::string detail) {
  return {"edelivery.header.c14n", std::move(detail), "", "Check namespaces and prefix lists of the signed elements."};
}

// Attribute and namespace nodes arrive with the element that carries them as parent; a namespace node has no
// usable parent pointer of its own.
int shows(void* apex, xmlNode* each, xmlNode* parent) {
  auto const* at = each->type == XML_ELEMENT_NODE ? each : parent;
  for (; at != nullptr; at = at->parent) {
    if (at == apex) return 1;
    if (at->type != XML_ELEMENT_NODE) return 0;
  }
  return 0;
}

// All but what stands in the subtree.
int shows_outside(void* hidden, xmlNode* each, xmlNode* parent) {
  auto const* at = each->type == XML_ELEMENT_NODE ? each : parent;
  for (; at != nullptr; at = at->parent) {
    if (at == hidden) return 0;
  }
  return 1;
}

struct bounded_octets {
  std::string octets;
  std::size_t most;
};

int append(void* sink, char const* bytes, int count) {
  auto& into = *static_cast<bounded_octets*>(sink);
  auto const size = static_cast<std::size_t>(count);
  if (size > into.most - into.octets.size()) return -1;
  // An exception may not pass through libxml2; a failure here becomes a C14N error.
  try {
    into.octets.append(bytes, size);
    return count;
  } catch (...) {
    return -1;
  }
}

std::vector<xmlChar*> prefix_list(std::vector<std::string>& prefixes) {
  std::vector<xmlChar*> list;
  for (auto& each : prefixes) list.push_back(reinterpret_cast<xmlChar*>(each.data()));
  list.push_back(nullptr);
  return list;
}

// What is shown; without `shows` the whole document.
struct visible {
  xmlC14NIsVisibleCallback shows = nullptr;
  xmlNode* about = nullptr;
};

result<std::string> execute(xmlDoc* document, visible what, canonical_form form, std::vector<std::string> prefixes,
                            std::size_t most) {
  if (prefixes.size() > most_prefixes)
    return failed("A PrefixList names more than " + std::to_string(most_prefixes) + " prefixes");
  bounded_octets sink{{}, most};
  if (what.shows != nullptr) sink.octets.reserve(std::min<std::size_t>(most, 4096));
  auto* const buffer = xmlOutputBufferCreateIO(&append, nullptr, &sink, nullptr);
  if (buffer == nullptr) throw std::bad_alloc();
  auto list = prefix_list(prefixes);
  int const written = xmlC14NExecute(document, what.shows, what.about,
                                     form == canonical_form::exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
                                     prefixes.empty() ? nullptr : list.data(), 0, buffer);
  int const closed = xmlOutputBufferClose(buffer);
  if (written < 0 || closed < 0 || sink.octets.empty())
    return failed("The canonical form of the XML cannot be made" +
                  (most == std::string::npos ? "" : ", or is larger than " + std::to_string(most) + " bytes"));
  return std::move(sink.octets);
}

}  // namespace

// libxml2 walks over whatever document it is given, however little of it is shown. A document that begins at the apex
// spares it the rest: under exclusive C14N what is not shown adds nothing to the form, and namespaces in force are
// found by the parents of a node, which stay as they are.
result<std::string> canonicalize(node apex, std::vector<std::string> const& prefixes, std::size_t most) {
  xmlDoc view = *apex.handle()->doc;
  view.children = apex.handle();
  return execute(&view, {&shows, apex.handle()}, canonical_form::exclusive, prefixes, most);
}

result<std::string> canonicalize(node apex, canonical_form form, std::vector<std::string> const& prefixes,
                                 std::size_t most) {
  if (form == canonical_form::exclusive) return canonicalize(apex, prefixes, most);
  return execute(apex.handle()->doc, {&shows, apex.handle()}, form, prefixes, most);
}

result<std::string> canonicalize(document const& whole) {
  return execute(whole.handle(), {}, canonical_form::exclusive, {}, std::string::npos);
}

result<std::string> canonicalize_without(document const& whole, node hidden, canonical_form form,
                                         std::vector<std::string> const& prefixes) {
  return execute(whole.handle(), {&shows_outside, hidden.handle()}, form, prefixes, std::string::npos);
}

}  // namespace ehds::edelivery::xml
