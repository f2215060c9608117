#pragma once
// RDF 1.1 XML Syntax on libxml2, for untrusted input: no DOCTYPE, no entities of its own, no network, no huge
// documents. Called through read_rdf.
#include "dcat/rdf/read.hpp"

namespace ehds::dcat {

result<graph> read_rdfxml(std::string_view bytes, reading const& how);

}  // namespace ehds::dcat
