#pragma once
// A record's identity: equal graphs have equal hashes, whatever their syntax, order or blank node labels.
// Blank nodes are told apart by what they say and by who points at them (records are trees, so that is enough),
// then numbered in the order a walk from the named nodes meets them. Two different graphs never share a hash;
// the same graph with symmetric cycles of blank nodes (which no catalogue record has) may get two.
#include <string>
#include <vector>

#include "dcat/rdf/graph.hpp"

namespace ehds::dcat {

// For each term of the graph: the number of the blank node (from 0), or 0 for other terms.
std::vector<std::uint32_t> blank_numbers(graph const& g);

std::string canonical_ntriples(graph const& g);  // sorted lines, blank nodes as _:n0, _:n1 ...
std::string canonical_hash(graph const& g);      // SHA-256 of the former, 64 hex digits

}  // namespace ehds::dcat
