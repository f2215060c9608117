#pragma once
// RDF texts into graphs. Input is untrusted: bytes, triples and nesting are limited, nothing is fetched, and
// a problem says line and column. Codes: rdf.too_large, rdf.not_utf8, rdf.syntax, rdf.too_deep, rdf.relative_iri,
// rdf.unknown_prefix, rdf.doctype, rdf.unsupported.
//   Turtle, N-Triples, TriG (RDF 1.1; the graphs of TriG are merged), RDF/XML (RDF 1.1 XML Syntax).
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dcat/rdf/graph.hpp"
#include "dcat/rdf/syntax.hpp"

namespace ehds::dcat {

struct reading {
  std::string base_iri;  // relative IRIs resolve against it; empty: they are refused
  std::size_t max_bytes = 16U << 20U;
  std::size_t max_triples = 200'000;
  std::size_t max_depth = 100;  // nested [ ] and ( ) of Turtle, elements of XML
};

result<graph> read_rdf(std::string_view bytes, syntax as, reading const& how = {});

}  // namespace ehds::dcat
