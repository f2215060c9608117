#pragma once
// Turtle, N-Triples and TriG by serd. Called through read_rdf.
#include <vector>

#include "dcat/rdf/read.hpp"

namespace ehds::dcat {

result<graph> read_turtle(std::string_view bytes, syntax as, reading const& how);

// How deep [ ] and ( ) nest in a Turtle text, by a scan that knows strings, IRIs and comments: the parser recurses,
// so it must not see a text that goes deeper than we allow.
std::size_t nesting_of_turtle(std::string_view bytes);

// Where a full stop follows an integer and ends the statement ("5."): the parser takes such a number for a string,
// so it must see a space before the full stop. Ascending places in the text.
std::vector<std::size_t> full_stops_after_integers(std::string_view bytes);

}  // namespace ehds::dcat
