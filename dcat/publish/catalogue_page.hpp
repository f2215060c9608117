#pragma once
// The catalogue as harvesters read it: a dcat:Catalog with one page of its datasets and the Hydra links to the other
// pages. The links stand both as IRIs (hydra:view, a hydra:PartialCollectionView) and as texts on a
// hydra:PagedCollection, because the two generations of harvesters read one or the other. A harvester deletes what it
// no longer sees: never serve a page that was cut short.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "dcat/catalogue/record.hpp"
#include "dcat/rdf/graph.hpp"

namespace ehds::dcat {

struct catalogue_description {
  std::string base_iri;  // of the catalogue: "https://node.example.fr/catalog"
  std::vector<localized> titles;
  std::vector<localized> descriptions;
  std::string publisher_iri;
  std::vector<localized> publisher_names;
};

struct page_position {
  std::size_t number = 1;  // from 1
  std::size_t size = 100;  // datasets a page
  std::size_t total = 0;   // datasets in all
};

// Blank nodes of different records stay apart. Each record is given with the IRI of its dataset.
struct page_record {
  std::string dataset_iri;
  graph const* record = nullptr;
};

graph catalogue_page(catalogue_description const& catalogue, std::span<page_record const> records,
                     page_position const& position);

}  // namespace ehds::dcat
