#include "dcat/publish/export_dataset.hpp"

#include <vector>

#include "dcat/rdf/vocabulary.hpp"
#include "dcat/rdf/write.hpp"

namespace ehds::dcat {
namespace {

// Nodes that are records of their own.
bool is_other_record(graph const& g, term_id id) {
  std::string const space(ns::dcat);
  for (auto const* local : {"Catalog", "CatalogRecord", "Dataset", "DatasetSeries"})
    if (g.is_a(id, space + local)) return true;
  return false;
}

void add_code_types(graph_builder& to, graph const& record, release_pack const& pack) {
  std::string const skos(ns::skos);
  auto const type = record.find_iri(rdf::type);
  for (triple const& t : record.triples()) {
    auto const& object = record[t.object];
    if (!object.is_iri() || t.predicate == type) continue;
    for (auto const& [name, list] : pack.code_lists) {
      if (!list.holds(object.value)) continue;
      for (std::string const& of_class : list.types) to.add(object, rdf::type, iri(of_class));
      to.add(object, skos + "inScheme", iri(list.scheme));
    }
  }
}

}  // namespace

graph dataset_closure(graph const& record, std::string_view dataset_iri) {
  graph_builder made;
  auto const dataset = record.find_iri(dataset_iri);
  if (!dataset) return std::move(made).build();
  std::vector<bool> met(record.terms().size());
  std::vector<term_id> open{*dataset};
  met[*dataset] = true;
  while (!open.empty()) {
    auto const id = open.back();
    open.pop_back();
    for (triple const& t : record.about(id)) {
      made.add(record[t.subject], record[t.predicate], record[t.object]);
      if (met[t.object] || record[t.object].is_literal() || is_other_record(record, t.object)) continue;
      met[t.object] = true;
      open.push_back(t.object);
    }
  }
  return std::move(made).build();
}

graph export_dataset(graph const& record, std::string_view dataset_iri, release_pack const& pack) {
  auto const closure = dataset_closure(record, dataset_iri);
  graph_builder made;
  made.add(closure);
  add_code_types(made, closure, pack);
  return std::move(made).build();
}

result<std::string> export_rdfxml(graph const& record, std::string_view dataset_iri, release_pack const& pack) {
  auto const exported = export_dataset(record, dataset_iri, pack);
  if (exported.empty()) {
    return problem{"dcat.no_dataset", "The record does not describe the dataset.", std::string(dataset_iri), {}};
  }
  return write_rdfxml(exported, pack.namespaces);
}

}  // namespace ehds::dcat
