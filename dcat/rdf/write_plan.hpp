#pragma once
// What the writers share: the order of subjects, which blank nodes are written inside their only owner, which are
// lists, and short names.
#include <optional>
#include <string>
#include <vector>

#include "dcat/rdf/graph.hpp"
#include "dcat/rdf/write.hpp"

namespace ehds::dcat {

class write_plan {
 public:
  write_plan(graph const& g, prefixes const& known);

  // Catalogues, then datasets, then the rest; each by IRI, loose blank nodes last by number. Nested ones are absent.
  std::vector<term_id> const& subjects() const { return subjects_; }
  bool is_nested(term_id id) const { return nested_[id]; }
  // The members of a list that only one triple uses, when the node is such a list.
  std::optional<std::vector<term_id>> list_of(term_id id) const;
  std::string label(term_id blank_id) const { return "n" + std::to_string(numbers_[blank_id]); }
  // The triples of a subject: rdf:type first, then by predicate, objects in content order.
  std::vector<triple> statements(term_id subject) const;

 private:
  void find_nested();
  void order_subjects();
  bool leads_to_a_subject(term_id id) const;
  std::tuple<int, std::string_view, std::uint32_t> key(term_id id) const;
  int class_rank(term_id subject) const;

  graph const& graph_;
  std::vector<std::uint32_t> numbers_;
  std::vector<bool> nested_;
  std::vector<term_id> subjects_;
};

// How deep the writers nest blank nodes before they fall back to labels.
inline constexpr std::size_t most_nested = 50;

// Splits an IRI where an XML or Turtle local name may start; nothing when there is no such place.
struct split_name {
  std::string_view space;
  std::string_view local;
};
std::optional<split_name> split_at_name(std::string_view iri);

}  // namespace ehds::dcat
