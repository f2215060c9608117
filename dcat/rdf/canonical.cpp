#include "dcat/rdf/canonical.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/bytes.hpp"

namespace ehds::dcat {
namespace {

using colour = std::uint64_t;

colour mix(colour a, colour b) {
  colour x = a ^ (b + 0x9E3779B97F4A7C15U + (a << 6U) + (a >> 2U));
  x ^= x >> 30U;
  x *= 0xBF58476D1CE4E5B9U;
  x ^= x >> 27U;
  x *= 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

// FNV-1a: the same on every machine, unlike std::hash.
colour of_text(std::string_view text) {
  colour h = 0xCBF29CE484222325U;
  for (char const c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return h;
}

class colouring {
 public:
  explicit colouring(graph const& g) : graph_(g), colours_(g.terms().size()) {
    for (term_id id = 0; id < colours_.size(); ++id) {
      if (g[id].is_blank()) {
        blanks_.push_back(id);
        colours_[id] = 1;
      } else {
        colours_[id] = of_text(to_ntriples(g[id]));
      }
    }
    refine();
  }
  std::vector<colour> const& colours() const { return colours_; }

 private:
  // Records settle within ten rounds; a hostile text must not buy more work than this.
  static constexpr std::size_t most_rounds = 64;
  static constexpr std::size_t most_steps = 2'000'000;

  colour next(term_id id) const {
    std::vector<colour> around;
    for (triple const& t : graph_.about(id)) around.push_back(mix(mix(colours_[t.predicate], 2), colours_[t.object]));
    for (triple const& t : graph_.pointing_at(id))
      around.push_back(mix(mix(colours_[t.predicate], 3), colours_[t.subject]));
    std::sort(around.begin(), around.end());
    colour seen = colours_[id];
    for (colour const c : around) seen = mix(seen, c);
    return seen;
  }

  void refine() {
    std::size_t classes = 1;
    auto const rounds = std::min(most_rounds, most_steps / std::max<std::size_t>(1, blanks_.size()) + 8);
    for (std::size_t round = 0; round < rounds && !blanks_.empty(); ++round) {
      std::vector<colour> fresh;
      for (term_id const id : blanks_) fresh.push_back(next(id));
      for (std::size_t i = 0; i < blanks_.size(); ++i) colours_[blanks_[i]] = fresh[i];
      auto const now = std::set(fresh.begin(), fresh.end()).size();
      if (round > 0 && now == classes) return;
      classes = now;
    }
  }

  graph const& graph_;
  std::vector<colour> colours_;
  std::vector<term_id> blanks_;
};

// Numbers blank nodes in the order of a depth-first walk that depends on content only.
class walk {
 public:
  walk(graph const& g, std::vector<colour> const& colours)
      : graph_(g), colours_(colours), numbers_(g.terms().size()), met_(g.terms().size()) {}

  std::vector<std::uint32_t> numbers() && {
    std::vector<term_id> starts;
    for (term_id id = 0; id < numbers_.size(); ++id) starts.push_back(id);
    std::sort(starts.begin(), starts.end(), [this](term_id a, term_id b) { return rank(a) < rank(b); });
    for (term_id const start : starts) from(start);
    return std::move(numbers_);
  }

 private:
  // Named nodes first, then blank nodes nobody points at, then the rest.
  std::tuple<int, colour, term_id> rank(term_id id) const {
    if (!graph_[id].is_blank()) return {0, 0, id};  // in term order
    return {graph_.pointing_at(id).empty() ? 1 : 2, colours_[id], id};
  }

  void meet(term_id id) {
    if (graph_[id].is_blank() && !met_[id]) {
      met_[id] = true;
      numbers_[id] = count_++;
    }
  }

  void from(term_id start) {
    if (graph_[start].is_literal() || (graph_[start].is_blank() && met_[start])) return;
    meet(start);
    std::vector<term_id> open{start};
    while (!open.empty()) {
      auto const id = open.back();
      open.pop_back();
      auto const first = open.size();
      for (triple const& t : unmet_objects(id)) {
        if (met_[t.object]) continue;  // met a moment ago, under another property
        meet(t.object);
        open.push_back(t.object);
      }
      std::reverse(open.begin() + static_cast<std::ptrdiff_t>(first), open.end());
    }
  }

  std::vector<triple> unmet_objects(term_id id) const {
    std::vector<triple> found;
    for (triple const& t : graph_.about(id))
      if (graph_[t.object].is_blank() && !met_[t.object]) found.push_back(t);
    std::sort(found.begin(), found.end(), [this](triple const& a, triple const& b) {
      return std::tuple(a.predicate, colours_[a.object], a.object) <
             std::tuple(b.predicate, colours_[b.object], b.object);
    });
    return found;
  }

  graph const& graph_;
  std::vector<colour> const& colours_;
  std::vector<std::uint32_t> numbers_;
  std::vector<bool> met_;
  std::uint32_t count_ = 0;
};

std::string written(term const& t, std::uint32_t number) {
  return t.is_blank() ? "_:n" + std::to_string(number) : to_ntriples(t);
}

}  // namespace

std::vector<std::uint32_t> blank_numbers(graph const& g) {
  colouring const coloured(g);
  return walk(g, coloured.colours()).numbers();
}

std::string canonical_ntriples(graph const& g) {
  auto const numbers = blank_numbers(g);
  std::vector<std::string> texts;
  texts.reserve(g.terms().size());
  for (term_id id = 0; id < g.terms().size(); ++id) texts.push_back(written(g[id], numbers[id]));
  std::vector<std::string> lines;
  lines.reserve(g.size());
  for (triple const& t : g.triples())
    lines.push_back(texts[t.subject] + " " + texts[t.predicate] + " " + texts[t.object] + " .\n");
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (std::string const& line : lines) out += line;
  return out;
}

std::string canonical_hash(graph const& g) { return sha256_hex(canonical_ntriples(g)); }

}  // namespace ehds::dcat
