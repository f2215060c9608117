#pragma once
// A controlled vocabulary of a release: which IRIs are its codes and how people call them. Membership is decided
// here and never by dereferencing: the authorities' hosts answer 200 for IRIs that do not exist.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ehds::dcat {

struct code {
  std::string iri;
  std::string notation;                       // "EHRS"
  std::map<std::string, std::string> labels;  // by language
  std::string broader;                        // IRI of the wider code, or empty
};

class code_list {
 public:
  std::string name;                // "healthcategories": how shapes call it
  std::string scheme;              // IRI of the skos:ConceptScheme
  std::string base;                // IRIs of the codes start so
  std::vector<std::string> types;  // classes every code has without saying so (skos:Concept, dct:Standard ...)
  bool open = false;               // true: any IRI under base is accepted (lists too large to carry)
  std::vector<code> codes;

  void index();  // after codes are complete
  code const* find(std::string_view iri) const;
  bool holds(std::string_view iri) const;
  // The code whose notation or label is closest to what was written, for mends; null for an empty list.
  code const* nearest(std::string_view written) const;

 private:
  std::map<std::string, std::size_t, std::less<>> by_iri_;
};

// The label in the language, else English, else any, else the notation.
std::string_view label_of(code const& c, std::string_view language);

}  // namespace ehds::dcat
