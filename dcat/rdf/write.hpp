#pragma once
// Graphs into RDF texts. Equal graphs give equal bytes (see canonical.hpp), so hashes and ETags of a text are
// reproducible.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dcat/rdf/graph.hpp"
#include "dcat/rdf/syntax.hpp"

namespace ehds::dcat {

struct prefix {
  std::string name;  // "dcat"
  std::string iri;   // "http://www.w3.org/ns/dcat#"
};
using prefixes = std::vector<prefix>;

// The namespaces of HealthDCAT-AP records; a release pack may bring its own.
prefixes const& usual_prefixes();
// "dcat:Dataset" for an IRI whose local name is plain; else "<iri>".
std::string short_name(std::string_view iri, prefixes const& known);

std::string write_turtle(graph const& g, prefixes const& known = usual_prefixes());
std::string write_ntriples(graph const& g);
// Fails (rdf.unwritable) when a property's IRI has no XML name at its end or a text holds control characters.
result<std::string> write_rdfxml(graph const& g, prefixes const& known = usual_prefixes());
std::string write_jsonld(graph const& g, prefixes const& known = usual_prefixes());

result<std::string> write_rdf(graph const& g, syntax as, prefixes const& known = usual_prefixes());

}  // namespace ehds::dcat
