#pragma once
// Small questions to a graph that extraction asks over and over. Only for catalogue/ and publish/.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dcat/catalogue/record.hpp"

namespace ehds::dcat::extract {

std::vector<localized> texts(graph const& g, term_id s, std::string_view predicate);
std::vector<std::string> iris(graph const& g, term_id s, std::string_view predicate);
std::string one(graph const& g, term_id s, std::string_view predicate);  // lexical value or IRI; "" when absent
std::optional<std::uint64_t> count(graph const& g, term_id s, std::string_view predicate);
bool truth(graph const& g, term_id s, std::string_view predicate);
std::optional<term_id> object(graph const& g, term_id s, std::string_view predicate);
std::vector<term_id> objects(graph const& g, term_id s, std::string_view predicate);
std::string iri_of(graph const& g, term_id id);  // "" for a blank node
// The texts of the objects' own property: dct:provenance / rdfs:label.
std::vector<localized> texts_of_objects(graph const& g, term_id s, std::string_view predicate,
                                        std::string_view property);

}  // namespace ehds::dcat::extract
