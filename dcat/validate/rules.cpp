#include "dcat/validate/rules.hpp"

#include <algorithm>

#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {

rule_book::rule_book(release_pack const& pack) : pack_(&pack) {
  type_ = number(std::string(rdf::type));
  level_property_ = number(pack.level_property);
  for (shape const& s : pack.shapes) {
    if (s.of_class == pack.root_class) root_ = shapes_.size();
    shapes_.push_back(compile(s));
  }
}

iri_number rule_book::number(std::string const& iri) {
  if (iri.empty()) return no_iri;
  return numbers_.try_emplace(iri, static_cast<iri_number>(numbers_.size())).first->second;
}

compiled_shape rule_book::compile(shape const& source) {
  compiled_shape made;
  made.source = &source;
  made.of_class = number(source.of_class);
  for (property_rule const& rule : source.properties) made.properties.push_back(compile(rule));
  for (shape_rule const& rule : source.rules) {
    compiled_rule compiled{&rule, {}, number(rule.if_path)};
    for (auto const& path : rule.paths) compiled.paths.push_back(number(path));
    made.rules.push_back(std::move(compiled));
  }
  return made;
}

compiled_property rule_book::compile(property_rule const& rule) {
  compiled_property made;
  made.rule = &rule;
  made.path = number(rule.path);
  for (auto const& datatype : rule.datatypes) made.datatypes.push_back(number(datatype));
  made.of_class = number(rule.of_class);
  made.must_contain = number(rule.must_contain);
  for (auto const& list : rule.code_lists)
    if (auto const* const found = pack_->find_list(list)) made.lists.push_back(found);
  if (auto const* const found = pack_->find_shape(rule.shape))
    made.shape = static_cast<std::size_t>(found - pack_->shapes.data());
  return made;
}

// Both sides are sorted, so one pass over them is enough.
std::vector<term_id> rule_book::bind(graph const& g) const {
  std::vector<term_id> ids(numbers_.size(), no_iri);
  auto const terms = g.terms();
  term_id at = 0;
  for (auto const& [iri, n] : numbers_) {
    while (at < terms.size() && terms[at].is_iri() && terms[at].value < iri) ++at;
    if (at < terms.size() && terms[at].is_iri() && terms[at].value == iri) ids[n] = at;
  }
  return ids;
}

}  // namespace ehds::dcat
