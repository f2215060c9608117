#pragma once
// A parsed XML document of libxml2 with its owner, and the few questions RDF/XML asks of it. Only for rdf/rdfxml_*.
#include <memory>
#include <string>
#include <string_view>

#include <libxml/tree.h>

#include "base/result.hpp"

namespace ehds::dcat::xml {

struct freed {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using document = std::unique_ptr<xmlDoc, freed>;

result<document> parse(std::string_view bytes, std::size_t max_depth);

std::string_view text(xmlChar const* s);
std::string attribute_value(xmlAttr const* attribute);
std::string name_iri(xmlNs const* space, xmlChar const* local);  // namespace + local name
xmlNode const* first_element(xmlNode const* parent);
xmlNode const* next_element(xmlNode const* node);
std::string character_data(xmlNode const* parent);  // of the direct children
bool has_text_besides_blanks(xmlNode const* parent);
std::string line_of(xmlNode const* node);
std::string inner_xml(xmlNode* parent);  // exclusive canonical form of the content, for rdf:parseType="Literal"

}  // namespace ehds::dcat::xml
