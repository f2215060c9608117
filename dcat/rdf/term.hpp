#pragma once
// An RDF 1.1 term. A literal without language and datatype is an xsd:string; language tags are lower case.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ehds::dcat {

enum class term_kind : std::uint8_t { iri, blank, literal };

struct term {
  term_kind kind = term_kind::iri;
  std::string value;     // the IRI, the blank node's label, or the literal's text
  std::string language;  // BCP 47, lower case; literals only
  std::string datatype;  // IRI; empty means xsd:string (or rdf:langString when there is a language)

  auto operator<=>(term const&) const = default;

  bool is_iri() const { return kind == term_kind::iri; }
  bool is_blank() const { return kind == term_kind::blank; }
  bool is_literal() const { return kind == term_kind::literal; }
};

term iri(std::string_view value);
term blank(std::string_view label);
term literal(std::string_view text, std::string_view language = {});
term typed_literal(std::string_view text, std::string_view datatype);  // xsd:string becomes a plain literal

// The term in N-Triples, blank nodes under the given label.
std::string to_ntriples(term const& t);

}  // namespace ehds::dcat
