#pragma once
// What the writers share: the order of subjects, which blank nodes are written inside their only owner, which are
// lists, and short names.
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "dcat/rdf/graph.hpp"
#include "dcat/rdf/write.hpp"

namespace ehds::dcat {

// How deep the writers nest blank nodes before they fall back to labels. In RDF/XML a level is two elements: what we
// write must stay within what we read.
inline constexpr std::size_t most_nested = 40;

class write_plan {
 public:
  // Syntaxes with a form for lists write the cells of a list side by side; in the others cells nest like any node.
  enum class lists { inline_form, as_nodes };
  write_plan(graph const& g, lists how);

  // Catalogues, then datasets, then the rest; each by IRI, loose blank nodes last by number. Nested ones are absent.
  std::vector<term_id> const& subjects() const { return subjects_; }
  bool is_nested(term_id id) const { return nested_[id]; }
  // The members, when the node is the head of a list that is written in the form for lists; else null.
  std::vector<term_id> const* list_of(term_id id) const;
  std::string label(term_id blank_id) const { return "n" + std::to_string(numbers_[blank_id]); }
  // The triples of a subject: rdf:type first, then by predicate, objects in content order.
  std::vector<triple> statements(term_id subject) const;

 private:
  bool is_cell(term_id id) const;
  void find_lists();
  void find_nested();
  void climb(term_id id);
  void settle(term_id id);
  void release(term_id id);
  void order_subjects();
  term_id owner(term_id id) const { return graph_.pointing_at(id).front().subject; }
  std::tuple<int, std::string_view, std::uint32_t> key(term_id id) const;
  int class_rank(term_id subject) const;

  graph const& graph_;
  std::vector<std::uint32_t> numbers_;
  std::vector<bool> nested_;
  std::vector<std::size_t> depth_;
  std::map<term_id, std::vector<term_id>> lists_;  // members by head
  std::map<term_id, term_id> head_of_;             // of the other cells
  std::vector<term_id> subjects_;
};

// Splits an IRI where an XML or Turtle local name may start; nothing when there is no such place.
struct split_name {
  std::string_view space;
  std::string_view local;
};
std::optional<split_name> split_at_name(std::string_view iri);

}  // namespace ehds::dcat
