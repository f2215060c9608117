#include "dcat/rdf/term.hpp"

#include "dcat/rdf/escape.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

term iri(std::string_view value) { return {term_kind::iri, std::string(value), {}, {}}; }

term blank(std::string_view label) { return {term_kind::blank, std::string(label), {}, {}}; }

term literal(std::string_view text, std::string_view language) {
  term made{term_kind::literal, std::string(text), std::string(language), {}};
  for (char& c : made.language) c = lower(c);
  return made;
}

term typed_literal(std::string_view text, std::string_view datatype) {
  term made{term_kind::literal, std::string(text), {}, {}};
  if (datatype != xsd::string) made.datatype = datatype;
  return made;
}

std::string to_ntriples(term const& t) {
  if (t.is_iri()) return "<" + escape_iri(t.value) + ">";
  if (t.is_blank()) return "_:" + t.value;
  std::string text = "\"" + escape_literal(t.value) + "\"";
  if (!t.language.empty()) return text + "@" + t.language;
  if (!t.datatype.empty()) return text + "^^<" + escape_iri(t.datatype) + ">";
  return text;
}

}  // namespace ehds::dcat
