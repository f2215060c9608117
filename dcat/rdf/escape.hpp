#pragma once
// How Turtle, N-Triples and XML write the characters that they keep for themselves.
#include <string>
#include <string_view>

namespace ehds::dcat {

std::string escape_iri(std::string_view iri);       // RDF 1.1 N-Triples IRIREF: \u0000 forms
std::string escape_literal(std::string_view text);  // between one pair of quotation marks
std::string escape_xml(std::string_view text);      // fit for element content and attribute values

// XML 1.0 has no way to write most control characters, not even as references.
bool is_writable_in_xml(std::string_view text);

}  // namespace ehds::dcat
