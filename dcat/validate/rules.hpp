#pragma once
// A release pack in the form the checks want: every IRI of the rules has a number, so that a record's terms are
// looked up once a check and compared as numbers. Only for validate/.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dcat/rdf/graph.hpp"
#include "dcat/release/pack.hpp"

namespace ehds::dcat {

using iri_number = std::uint32_t;
inline constexpr iri_number no_iri = UINT32_MAX;
inline constexpr std::size_t no_shape = SIZE_MAX;

struct compiled_property {
  property_rule const* rule = nullptr;
  iri_number path = no_iri;
  std::vector<iri_number> datatypes;
  iri_number of_class = no_iri;
  iri_number must_contain = no_iri;
  std::vector<code_list const*> lists;
  std::size_t shape = no_shape;
};

struct compiled_rule {
  shape_rule const* rule = nullptr;
  std::vector<iri_number> paths;
  iri_number if_path = no_iri;
};

struct compiled_shape {
  shape const* source = nullptr;
  iri_number of_class = no_iri;
  std::vector<compiled_property> properties;
  std::vector<compiled_rule> rules;
};

class rule_book {
 public:
  explicit rule_book(release_pack const& pack);

  release_pack const& pack() const { return *pack_; }
  std::vector<compiled_shape> const& shapes() const { return shapes_; }
  std::size_t root() const { return root_; }
  iri_number type() const { return type_; }
  iri_number level_property() const { return level_property_; }
  // For each numbered IRI its id in the graph, or no_iri when the graph does not hold it.
  std::vector<term_id> bind(graph const& g) const;

 private:
  iri_number number(std::string const& iri);
  compiled_shape compile(shape const& source);
  compiled_property compile(property_rule const& rule);

  release_pack const* pack_;
  std::map<std::string, iri_number> numbers_;
  std::vector<compiled_shape> shapes_;
  std::size_t root_ = 0;
  iri_number type_ = no_iri;
  iri_number level_property_ = no_iri;
};

}  // namespace ehds::dcat
