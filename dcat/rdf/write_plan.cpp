#include "dcat/rdf/write_plan.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

constexpr std::size_t unsettled = static_cast<std::size_t>(-1);

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

write_plan::write_plan(graph const& g, lists how)
    : graph_(g), numbers_(blank_numbers(g)), nested_(g.terms().size()), depth_(g.terms().size(), unsettled) {
  if (how == lists::inline_form) find_lists();
  find_nested();
  order_subjects();
}

// A blank node with one owner, one rdf:first, one rdf:rest and nothing else.
bool write_plan::is_cell(term_id id) const {
  return graph_[id].is_blank() && graph_.pointing_at(id).size() == 1 && graph_.about(id).size() == 2 &&
         graph_.about(id, rdf::first).size() == 1 && graph_.about(id, rdf::rest).size() == 1;
}

// From each end of a list back to its head.
void write_plan::find_lists() {
  auto const nil = graph_.find_iri(rdf::nil);
  auto const rest = graph_.find_iri(rdf::rest);
  if (!nil || !rest) return;
  for (triple const& end : graph_.pointing_at(*nil)) {
    if (end.predicate != *rest || !is_cell(end.subject)) continue;
    std::vector<term_id> cells{end.subject};
    for (;;) {
      auto const& above = graph_.pointing_at(cells.back()).front();
      if (above.predicate != *rest || !is_cell(above.subject)) break;
      cells.push_back(above.subject);
    }
    std::reverse(cells.begin(), cells.end());
    auto& members = lists_[cells.front()];
    for (term_id const cell : cells) {
      members.push_back(graph_.about(cell, rdf::first).front().object);
      if (cell != cells.front()) head_of_[cell] = cells.front();
    }
  }
}

// A blank node is written inside its only owner, unless the owners go round in a circle or nest too deeply.
void write_plan::find_nested() {
  for (term_id id = 0; id < nested_.size(); ++id) {
    nested_[id] = graph_[id].is_blank() && graph_.pointing_at(id).size() == 1;
    if (!nested_[id]) depth_[id] = 0;
  }
  for (term_id id = 0; id < nested_.size(); ++id) climb(id);
}

// Up to an owner whose depth is known, then down again; each node is settled once.
void write_plan::climb(term_id id) {
  std::vector<term_id> path;
  std::set<term_id> on_path;
  while (depth_[id] == unsettled && on_path.insert(id).second) {
    path.push_back(id);
    id = owner(id);
  }
  if (depth_[id] == unsettled) {
    auto const circle = std::find(path.begin(), path.end(), id);
    std::for_each(circle, path.end(), [this](term_id member) { release(member); });
  }
  for (auto node = path.rbegin(); node != path.rend(); ++node)
    if (nested_[*node]) settle(*node);
}

void write_plan::settle(term_id id) {
  auto const head = head_of_.find(id);
  bool const beside = head != head_of_.end() && lists_.contains(head->second);
  auto const depth = depth_[owner(id)] + (beside ? 0 : 1);
  if (depth > most_nested) {
    release(id);
  } else {
    depth_[id] = depth;
  }
}

// The node is written for itself, so a list that it heads is no longer in its place.
void write_plan::release(term_id id) {
  nested_[id] = false;
  depth_[id] = 0;
  lists_.erase(id);
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

std::vector<term_id> const* write_plan::list_of(term_id id) const {
  auto const found = lists_.find(id);
  return found == lists_.end() ? nullptr : &found->second;
}

}  // namespace ehds::dcat
