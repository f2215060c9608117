#include "dcat/rdf/write.hpp"

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/escape.hpp"

namespace ehds::dcat {
namespace {

bool is_plain_local(std::string_view local) {
  if (local.empty() || local.front() == '-') return false;
  for (char const c : local) {
    bool const plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!plain) return false;
  }
  return true;
}

}  // namespace

prefixes const& usual_prefixes() {
  static prefixes const known{
      {"adms", "http://www.w3.org/ns/adms#"},
      {"csvw", "http://www.w3.org/ns/csvw#"},
      {"cv", "http://data.europa.eu/m8g/"},
      {"dcat", "http://www.w3.org/ns/dcat#"},
      {"dcatap", "http://data.europa.eu/r5r/"},
      {"dct", "http://purl.org/dc/terms/"},
      {"dpv", "https://w3id.org/dpv#"},
      {"dpv-pd", "https://w3id.org/dpv/dpv-pd#"},
      {"dqv", "http://www.w3.org/ns/dqv#"},
      {"eli", "http://data.europa.eu/eli/ontology#"},
      {"foaf", "http://xmlns.com/foaf/0.1/"},
      {"geodcatap", "http://data.europa.eu/930/"},
      {"healthdcatap", "http://healthdataportal.eu/ns/health#"},
      {"hydra", "http://www.w3.org/ns/hydra/core#"},
      {"locn", "http://www.w3.org/ns/locn#"},
      {"oa", "http://www.w3.org/ns/oa#"},
      {"odrl", "http://www.w3.org/ns/odrl/2/"},
      {"prov", "http://www.w3.org/ns/prov#"},
      {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
      {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
      {"skos", "http://www.w3.org/2004/02/skos/core#"},
      {"spdx", "http://spdx.org/rdf/terms#"},
      {"time", "http://www.w3.org/2006/time#"},
      {"vcard", "http://www.w3.org/2006/vcard/ns#"},
      {"xsd", "http://www.w3.org/2001/XMLSchema#"},
  };
  return known;
}

std::string short_name(std::string_view iri, prefixes const& known) {
  for (auto const& [name, space] : known)
    if (iri.starts_with(space) && is_plain_local(iri.substr(space.size())))
      return name + ":" + std::string(iri.substr(space.size()));
  return "<" + escape_iri(iri) + ">";
}

std::string write_ntriples(graph const& g) { return canonical_ntriples(g); }

result<std::string> write_rdf(graph const& g, syntax as, prefixes const& known) {
  switch (as) {
    case syntax::turtle:
    case syntax::trig:
      return write_turtle(g, known);
    case syntax::ntriples:
      return write_ntriples(g);
    case syntax::rdfxml:
      return write_rdfxml(g, known);
    case syntax::jsonld:
      break;
  }
  return write_jsonld(g, known);
}

}  // namespace ehds::dcat
