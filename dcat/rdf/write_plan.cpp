#include "dcat/rdf/write_plan.hpp"

#include <algorithm>
#include <tuple>

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

std::optional<split_name> split_at_name(std::string_view iri) {
  auto at = iri.size();
  while (at > 0 && continues_name(iri[at - 1])) --at;
  while (at < iri.size() && !starts_name(iri[at])) ++at;
  if (at == iri.size() || at == 0) return std::nullopt;
  return split_name{iri.substr(0, at), iri.substr(at)};
}

write_plan::write_plan(graph const& g, prefixes const&)
    : graph_(g), numbers_(blank_numbers(g)), nested_(g.terms().size()) {
  find_nested();
  order_subjects();
}

// A blank node is written inside its owner when exactly one triple points at it and the way up ends at a
// node that is written for itself within most_nested steps.
void write_plan::find_nested() {
  for (term_id id = 0; id < nested_.size(); ++id)
    nested_[id] = graph_[id].is_blank() && graph_.pointing_at(id).size() == 1;
  for (term_id id = 0; id < nested_.size(); ++id)
    if (nested_[id] && !leads_to_a_subject(id)) nested_[id] = false;
}

bool write_plan::leads_to_a_subject(term_id id) const {
  bool is_cell = true;  // cells of one list are written side by side, not inside each other
  std::size_t steps = 0;
  std::size_t total = 0;
  while (nested_[id]) {
    auto const& owner = graph_.pointing_at(id).front();
    is_cell = graph_[owner.predicate].value == rdf::rest;
    steps += is_cell ? 0 : 1;
    if (steps > most_nested || ++total > graph_.size()) return false;
    id = owner.subject;
  }
  return true;
}

int write_plan::class_rank(term_id subject) const {
  std::string const dcat(ns::dcat);
  if (graph_.is_a(subject, dcat + "Catalog")) return 0;
  if (graph_.is_a(subject, dcat + "Dataset")) return 1;
  return graph_.is_a(subject, dcat + "DatasetSeries") ? 1 : 2;
}

std::tuple<int, std::string_view, std::uint32_t> write_plan::key(term_id id) const {
  auto const& t = graph_[id];
  return {t.is_blank() ? 1 : 0, t.is_blank() ? std::string_view{} : std::string_view(t.value), numbers_[id]};
}

void write_plan::order_subjects() {
  std::vector<std::pair<int, term_id>> ranked;
  for (triple const& t : graph_.triples()) {
    if (nested_[t.subject] || (!ranked.empty() && ranked.back().second == t.subject)) continue;
    ranked.emplace_back(class_rank(t.subject), t.subject);
  }
  std::sort(ranked.begin(), ranked.end(), [this](auto const& a, auto const& b) {
    return std::tuple_cat(std::tuple(a.first), key(a.second)) < std::tuple_cat(std::tuple(b.first), key(b.second));
  });
  for (auto const& [rank, id] : ranked) subjects_.push_back(id);
}

std::vector<triple> write_plan::statements(term_id subject) const {
  auto const found = graph_.about(subject);
  std::vector<triple> out(found.begin(), found.end());
  // Term ids are in term order except for blank nodes, whose labels mean nothing.
  auto const order = [this](triple const& t) {
    bool const is_blank = graph_[t.object].is_blank();
    return std::tuple(graph_[t.predicate].value != rdf::type, t.predicate, is_blank,
                      is_blank ? numbers_[t.object] : t.object);
  };
  std::sort(out.begin(), out.end(), [&order](triple const& a, triple const& b) { return order(a) < order(b); });
  return out;
}

std::optional<std::vector<term_id>> write_plan::list_of(term_id id) const {
  std::vector<term_id> members;
  while (graph_[id].is_blank()) {
    auto const about = graph_.about(id);
    auto const first = graph_.about(id, rdf::first);
    auto const rest = graph_.about(id, rdf::rest);
    if (!nested_[id] || about.size() != 2 || first.size() != 1 || rest.size() != 1) return std::nullopt;
    members.push_back(first.front().object);
    id = rest.front().object;
  }
  if (members.empty() || graph_[id].value != rdf::nil) return std::nullopt;
  return members;
}

}  // namespace ehds::dcat
