#pragma once
// An immutable set of triples over interned terms: what one record is while it is read, checked, upgraded and
// written. Terms are numbered in sorted order, triples are sorted by subject, predicate, object; a second index
// answers "who points here". A graph is a value; build one with graph_builder.
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dcat/rdf/term.hpp"

namespace ehds::dcat {

using term_id = std::uint32_t;

struct triple {
  term_id subject = 0;
  term_id predicate = 0;
  term_id object = 0;
  auto operator<=>(triple const&) const = default;
};

class graph {
 public:
  std::size_t size() const { return triples_.size(); }
  bool empty() const { return triples_.empty(); }
  std::span<triple const> triples() const { return triples_; }
  std::span<term const> terms() const { return terms_; }
  term const& operator[](term_id id) const { return terms_[id]; }

  std::optional<term_id> find(term const& t) const;
  std::optional<term_id> find_iri(std::string_view iri) const;

  std::span<triple const> about(term_id subject) const;
  std::span<triple const> about(term_id subject, term_id predicate) const;
  std::span<triple const> about(term_id subject, std::string_view predicate) const;
  std::span<triple const> pointing_at(term_id object) const;  // sorted by subject, predicate

  bool has(term_id subject, std::string_view predicate, term const& object) const;
  bool is_a(term_id subject, std::string_view class_iri) const;
  // The first object in term order, or none.
  term const* first(term_id subject, std::string_view predicate) const;
  std::vector<term_id> nodes_of_class(std::string_view class_iri) const;

 private:
  friend class graph_builder;
  std::vector<term> terms_;
  std::vector<triple> triples_;
  std::vector<triple> by_object_;
};

// Collects triples in any order; doubles are dropped.
class graph_builder {
 public:
  void add(term const& subject, term const& predicate, term const& object);
  void add(term const& subject, std::string_view predicate, term const& object);
  // All triples of another graph; blank labels are kept, so both must come from the same document.
  void add(graph const& other);
  std::size_t size() const { return triples_.size(); }
  graph build() &&;

 private:
  term_id intern(term const& t);
  std::map<term, term_id> numbers_;
  std::vector<triple> triples_;
};

}  // namespace ehds::dcat
