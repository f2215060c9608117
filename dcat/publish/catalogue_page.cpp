#include "dcat/publish/catalogue_page.hpp"

#include <algorithm>

#include "dcat/publish/export_dataset.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

std::string hydra(std::string_view local) { return std::string(ns::hydra) + std::string(local); }

std::string page_iri(catalogue_description const& c, std::size_t number) {
  char const joint = c.base_iri.find('?') == std::string::npos ? '?' : '&';
  return c.base_iri + joint + "page=" + std::to_string(number);
}

void add_texts(graph_builder& to, term const& subject, std::string const& property,
               std::vector<localized> const& texts) {
  for (localized const& text : texts) to.add(subject, property, literal(text.text, text.language));
}

void describe_catalogue(graph_builder& to, catalogue_description const& c) {
  auto const self = iri(c.base_iri);
  to.add(self, rdf::type, iri(dcat_("Catalog")));
  add_texts(to, self, dct("title"), c.titles);
  add_texts(to, self, dct("description"), c.descriptions);
  to.add(self, std::string(ns::dcatap) + "applicableLegislation", iri("http://data.europa.eu/eli/reg/2025/327/oj"));
  if (c.publisher_iri.empty()) return;
  auto const publisher = iri(c.publisher_iri);
  to.add(self, dct("publisher"), publisher);
  to.add(publisher, rdf::type, iri(std::string(ns::foaf) + "Agent"));
  add_texts(to, publisher, std::string(ns::foaf) + "name", c.publisher_names);
}

void describe_view(graph_builder& to, catalogue_description const& c, page_position const& position) {
  auto const view = iri(page_iri(c, position.number));
  auto const collection = blank("collection");
  auto const last =
      std::max<std::size_t>(1, (position.total + position.size - 1) / std::max<std::size_t>(1, position.size));
  auto const link = [&](std::string_view name, std::size_t number) {
    to.add(view, hydra(name), iri(page_iri(c, number)));
    to.add(collection, hydra(std::string(name) + "Page"), literal(page_iri(c, number)));
    to.add(collection, hydra(name), literal(page_iri(c, number)));
  };
  auto const total = typed_literal(std::to_string(position.total), xsd::integer);
  to.add(iri(c.base_iri), hydra("view"), view);
  to.add(iri(c.base_iri), hydra("totalItems"), total);
  to.add(view, rdf::type, iri(hydra("PartialCollectionView")));
  to.add(collection, rdf::type, iri(hydra("PagedCollection")));
  to.add(collection, hydra("totalItems"), total);
  to.add(collection, hydra("itemsPerPage"), typed_literal(std::to_string(position.size), xsd::integer));
  link("first", 1);
  link("last", last);
  if (position.number < last) link("next", position.number + 1);
  if (position.number > 1) link("previous", position.number - 1);
}

term apart(term const& t, std::size_t record) {
  return t.is_blank() ? blank("r" + std::to_string(record) + "/" + t.value) : t;
}

}  // namespace

graph catalogue_page(catalogue_description const& catalogue, std::span<page_record const> records,
                     page_position const& position) {
  graph_builder made;
  describe_catalogue(made, catalogue);
  describe_view(made, catalogue, position);
  for (std::size_t i = 0; i < records.size(); ++i) {
    made.add(iri(catalogue.base_iri), dcat_("dataset"), iri(records[i].dataset_iri));
    auto const closure = dataset_closure(*records[i].record, records[i].dataset_iri);
    for (triple const& t : closure.triples())
      made.add(apart(closure[t.subject], i), closure[t.predicate], apart(closure[t.object], i));
  }
  return std::move(made).build();
}

}  // namespace ehds::dcat
