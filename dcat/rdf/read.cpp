#include "dcat/rdf/read.hpp"

#include "base/bytes.hpp"
#include "dcat/rdf/rdfxml_read.hpp"
#include "dcat/rdf/turtle_read.hpp"

namespace ehds::dcat {

result<graph> read_rdf(std::string_view bytes, syntax as, reading const& how) {
  if (bytes.size() > how.max_bytes) {
    return problem{
        "rdf.too_large",
        "The text has " + std::to_string(bytes.size()) + " bytes; " + std::to_string(how.max_bytes) + " are allowed.",
        {},
        "Send one record at a time."};
  }
  if (!is_utf8(bytes)) {
    return problem{"rdf.not_utf8", "The text is not valid UTF-8.", {}, "Save the file in the encoding UTF-8."};
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  switch (as) {
    case syntax::turtle:
    case syntax::ntriples:
    case syntax::trig:
      return read_turtle(bytes, as, how);
    case syntax::rdfxml:
      return read_rdfxml(bytes, how);
    case syntax::jsonld:
      break;
  }
  return problem{"rdf.unsupported", "JSON-LD cannot be read here.", {}, "Send Turtle, N-Triples, TriG or RDF/XML."};
}

}  // namespace ehds::dcat
