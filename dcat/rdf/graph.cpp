#include "dcat/rdf/graph.hpp"

#include <algorithm>
#include <tuple>

#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

auto object_order(triple const& t) { return std::tuple(t.object, t.subject, t.predicate); }

}  // namespace

std::optional<term_id> graph::find(term const& t) const {
  auto const at = std::lower_bound(terms_.begin(), terms_.end(), t);
  if (at == terms_.end() || *at != t) return std::nullopt;
  return static_cast<term_id>(at - terms_.begin());
}

std::optional<term_id> graph::find_iri(std::string_view iri) const {
  auto const before = [](term const& t, std::string_view wanted) { return t.is_iri() && t.value < wanted; };
  auto const at = std::lower_bound(terms_.begin(), terms_.end(), iri, before);
  if (at == terms_.end() || !at->is_iri() || at->value != iri) return std::nullopt;
  return static_cast<term_id>(at - terms_.begin());
}

std::span<triple const> graph::about(term_id subject) const {
  auto const by_subject = [](triple const& a, triple const& b) { return a.subject < b.subject; };
  auto const [from, to] = std::equal_range(triples_.begin(), triples_.end(), triple{subject, 0, 0}, by_subject);
  return {from, to};
}

std::span<triple const> graph::about(term_id subject, term_id predicate) const {
  auto const by_both = [](triple const& a, triple const& b) {
    return std::tuple(a.subject, a.predicate) < std::tuple(b.subject, b.predicate);
  };
  auto const [from, to] = std::equal_range(triples_.begin(), triples_.end(), triple{subject, predicate, 0}, by_both);
  return {from, to};
}

std::span<triple const> graph::about(term_id subject, std::string_view predicate) const {
  auto const id = find_iri(predicate);
  return id ? about(subject, *id) : std::span<triple const>{};
}

std::span<triple const> graph::pointing_at(term_id object) const {
  auto const by_object = [](triple const& a, triple const& b) { return a.object < b.object; };
  auto const [from, to] = std::equal_range(by_object_.begin(), by_object_.end(), triple{0, 0, object}, by_object);
  return {from, to};
}

bool graph::has(term_id subject, std::string_view predicate, term const& object) const {
  auto const p = find_iri(predicate);
  auto const o = find(object);
  return p && o && std::binary_search(triples_.begin(), triples_.end(), triple{subject, *p, *o});
}

bool graph::is_a(term_id subject, std::string_view class_iri) const { return has(subject, rdf::type, iri(class_iri)); }

term const* graph::first(term_id subject, std::string_view predicate) const {
  auto const found = about(subject, predicate);
  return found.empty() ? nullptr : &terms_[found.front().object];
}

std::vector<term_id> graph::nodes_of_class(std::string_view class_iri) const {
  std::vector<term_id> nodes;
  auto const type = find_iri(rdf::type);
  auto const wanted = find_iri(class_iri);
  if (!type || !wanted) return nodes;
  for (triple const& t : pointing_at(*wanted))
    if (t.predicate == *type) nodes.push_back(t.subject);
  return nodes;
}

term_id graph_builder::intern(term const& t) {
  return numbers_.try_emplace(t, static_cast<term_id>(numbers_.size())).first->second;
}

void graph_builder::add(term const& subject, term const& predicate, term const& object) {
  auto const s = intern(subject);
  auto const p = intern(predicate);
  triples_.push_back({s, p, intern(object)});
}

void graph_builder::add(term const& subject, std::string_view predicate, term const& object) {
  add(subject, iri(predicate), object);
}

void graph_builder::add(graph const& other) {
  for (triple const& t : other.triples()) add(other[t.subject], other[t.predicate], other[t.object]);
}

graph graph_builder::build() && {
  graph made;
  std::vector<term_id> renumbered(numbers_.size());
  made.terms_.reserve(numbers_.size());
  while (!numbers_.empty()) {
    auto node = numbers_.extract(numbers_.begin());
    renumbered[node.mapped()] = static_cast<term_id>(made.terms_.size());
    made.terms_.push_back(std::move(node.key()));
  }
  for (triple& t : triples_) t = {renumbered[t.subject], renumbered[t.predicate], renumbered[t.object]};
  std::sort(triples_.begin(), triples_.end());
  triples_.erase(std::unique(triples_.begin(), triples_.end()), triples_.end());
  made.triples_ = std::move(triples_);
  made.by_object_ = made.triples_;
  std::sort(made.by_object_.begin(), made.by_object_.end(),
            [](triple const& a, triple const& b) { return object_order(a) < object_order(b); });
  return made;
}

}  // namespace ehds::dcat
