#include <algorithm>
#include <deque>
#include <tuple>

#include "dcat/catalogue/search_pass.hpp"
#include "dcat/catalogue/words.hpp"

namespace ehds::dcat {

// Only as many rows are put in order as the page needs.
void search_pass::sort_found() {
  auto const end = std::min(found_.size(), query_.offset + std::min(query_.limit, found_.size()));
  if (query_.offset >= found_.size() || end == 0) return;
  bool const by_score = query_.order == search_order::relevance && !words_.empty();
  bool const by_date = query_.order == search_order::newest;
  auto const middle = found_.begin() + static_cast<std::ptrdiff_t>(end);
  if (by_score) {
    std::partial_sort(found_.begin(), middle, found_.end(), [this](found_row const& a, found_row const& b) {
      if (a.score != b.score) return a.score > b.score;
      return entry_of(a).key < entry_of(b).key;
    });
    return;
  }
  std::deque<std::string> made;  // titles in another language are folded here
  std::vector<std::pair<std::string_view, found_row>> keyed;
  keyed.reserve(found_.size());
  for (found_row const& f : found_) {
    auto const& r = *entry_of(f).record;
    if (by_date) {
      keyed.emplace_back(std::max<std::string_view>(r.issued, r.modified), f);
    } else if (query_.language == "en") {
      keyed.emplace_back(rows_of(f).title_key(f.row), f);
    } else {
      keyed.emplace_back(made.emplace_back(folded(best_text(r.titles, query_.language))), f);
    }
  }
  auto const before = [&](auto const& a, auto const& b) {
    if (a.first != b.first) return by_date ? a.first > b.first : a.first < b.first;
    return entry_of(a.second).key < entry_of(b.second).key;
  };
  std::partial_sort(keyed.begin(), keyed.begin() + static_cast<std::ptrdiff_t>(end), keyed.end(), before);
  for (std::size_t i = 0; i < keyed.size(); ++i) found_[i] = keyed[i].second;
}

void search_pass::fill_page(search_answer& answer) const {
  if (query_.offset >= found_.size()) return;
  auto const end = query_.offset + std::min(query_.limit, found_.size() - query_.offset);
  std::map<std::pair<std::size_t, std::uint32_t>, std::size_t> places;  // of a row among the hits
  std::vector<bool> has_part(snapshot_.parts_.size());
  for (auto i = query_.offset; i < end; ++i) {
    auto const& f = found_[i];
    places[{f.part, f.row}] = answer.hits.size();
    has_part[f.part] = true;
    answer.hits.push_back({entry_of(f), static_cast<double>(f.score), 0, {}});
  }
  bool const asked = !variable_words_.empty();
  auto const& words = asked ? variable_words_ : words_;
  for (std::size_t part = 0; part < has_part.size() && !words.empty(); ++part) {
    if (!has_part[part]) continue;
    auto const& rows = *snapshot_.parts_[part].rows;
    for (std::uint32_t const n : variables_with(rows, words, asked)) {
      auto const& variable = rows.variable_at(n);
      auto const place = places.find({part, variable.row});
      if (place == places.end()) continue;
      auto& hit = answer.hits[place->second];
      if (hit.variables.size() < most_variables_a_hit) hit.variables.push_back(variable.at);
      ++hit.variable_total;
    }
  }
}

std::vector<facet> search_pass::facets() const {
  std::vector<facet> out;
  for (std::size_t f = 0; f < facet_count; ++f) {
    facet made{std::string(facet_names[f]), {}};
    for (auto const& [value, count] : counts_[f]) made.values.push_back({value, count});
    std::sort(made.values.begin(), made.values.end(), [](facet_value const& a, facet_value const& b) {
      return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    if (made.values.size() > query_.facet_limit) made.values.resize(query_.facet_limit);
    out.push_back(std::move(made));
  }
  return out;
}

}  // namespace ehds::dcat
