#include "dcat/catalogue/extract.hpp"

#include <algorithm>

#include "base/numbers.hpp"

namespace ehds::dcat::extract {

std::vector<localized> texts(graph const& g, term_id s, std::string_view predicate) {
  std::vector<localized> out;
  for (triple const& t : g.about(s, predicate))
    if (g[t.object].is_literal()) out.push_back({g[t.object].language, g[t.object].value});
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> iris(graph const& g, term_id s, std::string_view predicate) {
  std::vector<std::string> out;
  for (triple const& t : g.about(s, predicate))
    if (g[t.object].is_iri()) out.push_back(g[t.object].value);
  return out;
}

std::string one(graph const& g, term_id s, std::string_view predicate) {
  auto const* const found = g.first(s, predicate);
  return found == nullptr || found->is_blank() ? std::string() : found->value;
}

std::optional<std::uint64_t> count(graph const& g, term_id s, std::string_view predicate) {
  return parse_number<std::uint64_t>(one(g, s, predicate));
}

bool truth(graph const& g, term_id s, std::string_view predicate) {
  auto const value = one(g, s, predicate);
  return value == "true" || value == "1";
}

std::optional<term_id> object(graph const& g, term_id s, std::string_view predicate) {
  auto const found = g.about(s, predicate);
  if (found.empty()) return std::nullopt;
  return found.front().object;
}

std::vector<term_id> objects(graph const& g, term_id s, std::string_view predicate) {
  std::vector<term_id> out;
  for (triple const& t : g.about(s, predicate)) out.push_back(t.object);
  return out;
}

std::string iri_of(graph const& g, term_id id) { return g[id].is_iri() ? g[id].value : std::string(); }

std::vector<localized> texts_of_objects(graph const& g, term_id s, std::string_view predicate,
                                        std::string_view property) {
  std::vector<localized> out;
  for (term_id const id : objects(g, s, predicate)) {
    auto const found = texts(g, id, property);
    out.insert(out.end(), found.begin(), found.end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ehds::dcat::extract
