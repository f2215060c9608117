#include "policies/disclosure/overlap.hpp"

#include <algorithm>
#include <iterator>

namespace ehds::policies::disclosure {
namespace {

class looking {
 public:
  looking(person_set const& cell, std::vector<std::string> const& keys, std::size_t k)
      : cell_(cell), keys_(keys), k_(k) {}

  // For each measure the oldest shown neighbour answers; a hidden one counts only when none is shown.
  echo at(std::vector<history_entry const*> const& entries) const {
    echo answer;
    for (auto const* const entry : entries) add(answer, single(*entry));
    for (auto const* const entry : entries) add(answer, best_union(*entry));
    add(answer, difference_of_totals(entries));
    if (!answer.figures.empty()) answer.hide = false;
    return answer;
  }

 private:
  static void add(echo& answer, echo found) {
    answer.hide = answer.hide || found.hide;
    if (answer.figures.empty()) answer.figures.resize(found.figures.size());
    for (std::size_t m = 0; m < found.figures.size(); ++m) {
      if (!answer.figures[m]) answer.figures[m] = found.figures[m];
    }
  }

  bool near_in_size(std::size_t size) const { return size + k_ > cell_.size() && cell_.size() + k_ > size; }

  echo single(history_entry const& entry) const {
    echo hidden;
    for (auto const& earlier : entry.cells) {
      if (!near_in_size(earlier.persons.size()) || different_persons(cell_, earlier.persons) >= k_) continue;
      if (earlier.shown) return {false, translated(entry, {&earlier})};
      hidden.hide = hidden.hide || earlier.guarded;
    }
    return hidden;
  }

  // Taking each disjoint cell that lies mostly inside gives the union with the least difference.
  echo best_union(history_entry const& entry) const {
    if (!entry.disjoint) return {};
    std::vector<history_cell const*> parts;
    std::size_t inside = 0;
    std::size_t difference = 0;
    for (auto const& earlier : entry.cells) {
      if (!earlier.base || earlier.persons.empty()) continue;
      auto const common = common_persons(cell_, earlier.persons);
      auto const outside = earlier.persons.size() - common;
      inside += common;
      difference += std::min(common, outside);
      if (common > outside) parts.push_back(&earlier);
      if (difference >= k_) return {};
    }
    difference += cell_.size() - inside;
    if (difference >= k_ || parts.size() < 2) return {};
    bool const all_shown = std::ranges::all_of(parts, &history_cell::shown);
    if (!all_shown) return {std::ranges::any_of(parts, &history_cell::guarded), {}};
    return {false, translated(entry, parts)};
  }

  echo difference_of_totals(std::vector<history_entry const*> const& entries) const {
    for (auto const* const whole : entries) {
      for (auto const* const part : entries) {
        auto const* const x = total_of(*whole);
        auto const* const y = total_of(*part);
        if (x == nullptr || y == nullptr || x->persons.size() <= y->persons.size()) continue;
        if (!near_in_size(x->persons.size() - y->persons.size())) continue;
        if (rest_differs(x->persons, y->persons)) continue;
        return {false, subtracted(translated(*whole, {x}), translated(*part, {y}))};
      }
    }
    return {};
  }

  static history_cell const* total_of(history_entry const& entry) {
    auto const found = std::ranges::find_if(entry.cells, [](auto const& c) { return c.grand_total && c.shown; });
    return found == entry.cells.end() ? nullptr : &*found;
  }

  // Is the cell k or more persons away from x without y?
  bool rest_differs(person_set const& x, person_set const& y) const {
    std::vector<person_set::token> rest;
    std::ranges::set_difference(x.tokens(), y.tokens(), std::back_inserter(rest));
    return different_persons(cell_, person_set(std::move(rest))) >= k_;
  }

  static std::vector<released_number> subtracted(std::vector<released_number> from,
                                                 std::vector<released_number> const& what) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] && what[i]) {
        from[i] = std::max<std::int64_t>(0, *from[i] - *what[i]);
      } else {
        from[i].reset();
      }
    }
    return from;
  }

  // The figures of the parts together, in the order of our measures.
  std::vector<released_number> translated(history_entry const& entry,
                                          std::vector<history_cell const*> const& parts) const {
    std::vector<released_number> figures(keys_.size());
    for (std::size_t m = 0; m < keys_.size(); ++m) {
      auto const at = std::ranges::find(entry.measure_keys, keys_[m]);
      if (at == entry.measure_keys.end()) continue;
      auto const index = static_cast<std::size_t>(at - entry.measure_keys.begin());
      std::int64_t sum = 0;
      for (auto const* const part : parts) sum += part->values.at(index).value_or(0);
      figures[m] = sum;
    }
    return figures;
  }

  person_set const& cell_;
  std::vector<std::string> const& keys_;
  std::size_t k_;
};

}  // namespace

echo look_back(person_set const& cell, std::vector<std::string> const& measure_keys, std::string const& dataset,
               query_history const& history, std::size_t k) {
  std::vector<history_entry const*> entries;
  for (auto const& entry : history.entries) {
    if (entry.dataset == dataset) entries.push_back(&entry);
  }
  return looking(cell, measure_keys, k).at(entries);
}

}  // namespace ehds::policies::disclosure
