#pragma once
// What leaves for the European catalogue: one dataset with everything that hangs on it and nothing else (no
// dcat:Catalog: as a subclass of dcat:Dataset it would be checked as one), and for every code the type triples that
// let the receiver check the record by itself.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dcat/rdf/graph.hpp"
#include "dcat/release/pack.hpp"

namespace ehds::dcat {

// The triples reachable from the dataset over IRIs and blank nodes that the record itself describes; catalogues and
// other datasets are left out.
graph dataset_closure(graph const& record, std::string_view dataset_iri);

// dataset_closure plus the type block: class and skos:inScheme of each code of the pack's lists that the record uses.
graph export_dataset(graph const& record, std::string_view dataset_iri, release_pack const& pack);

// The same as the text that goes into the AS4 message.
result<std::string> export_rdfxml(graph const& record, std::string_view dataset_iri, release_pack const& pack);

}  // namespace ehds::dcat
