#pragma once
// The first look at XML from the network: counts and refuses, allocates nothing, runs in one pass.
// libxml2 sees a byte only after this has passed, so its quadratic corners are never reached.
#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery::xml {

// What one SOAP part may hold at most. The defaults leave room for a message of 28 payloads.
enum class processing_instructions { refused, accepted };
enum class relative_namespaces { refused, accepted };

struct limits {
  std::size_t bytes = 5 * 1024 * 1024;
  std::size_t depth = 64;
  std::size_t elements = 10'000;
  std::size_t attributes = 20'000;      // in the whole document, namespace declarations included
  std::size_t element_attributes = 64;  // on one element
  std::size_t namespaces = 1'024;       // declarations in the whole document
  std::size_t element_namespaces = 32;  // declarations on one element
  std::size_t open_namespaces = 96;     // declarations in force at one place: a parser searches them for every name
  // The tree of a text may be far larger than the text. What it will take is reckoned while scanning, and may be
  // tree_base + tree_growth * (size of the text).
  std::size_t tree_base = 640 * 1024;
  std::size_t tree_growth = 1;
  processing_instructions instructions = processing_instructions::refused;  // besides the XML declaration
  // Names without a scheme have no canonical form (C14N 1.0); the WS plug-in of Domibus has one, "eu.domibus".
  relative_namespaces relative = relative_namespaces::refused;
};

// UTF-8 only (a byte order mark is accepted); no document type, no entity but the five built in, no
// processing instruction but the XML declaration, no XInclude. Problems: edelivery.header.{size, encoding, doctype,
// entity, processing_instruction, include, relative_namespace, depth, elements, attributes, namespaces, tree, xml};
// `where` is "byte N".
// Well-formedness is left to the parser.
result<void> scan(std::string_view bytes, limits const& allowed = {});

}  // namespace ehds::edelivery::xml
