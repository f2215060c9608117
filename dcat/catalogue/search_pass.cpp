#include "dcat/catalogue/search_pass.hpp"

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"
#include "dcat/catalogue/words.hpp"

namespace ehds::dcat {
namespace {

constexpr std::size_t most_words = 16;
constexpr float saturation = 4;  // of a word's weight in one record

std::vector<std::string> query_words(std::string_view text) {
  auto words = words_of(text);
  if (words.size() > most_words) words.resize(most_words);
  return words;
}

std::optional<int> year_of(std::string_view date) {
  return date.size() < 4 ? std::nullopt : parse_number<int>(date.substr(0, 4));
}

}  // namespace

search_pass::search_pass(search_snapshot const& snapshot, search_query const& query)
    : snapshot_(snapshot),
      query_(query),
      words_(query_words(query.text)),
      variable_words_(query_words(query.variable)) {
  measure_words();
}

// The last word of a text may still be being typed.
word_range search_pass::range_of(word_index const& index, std::vector<std::string> const& words, std::size_t i) const {
  return i + 1 == words.size() ? index.starting_with(words[i]) : index.exact(words[i]);
}

void search_pass::measure_words() {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    std::size_t frequency = 0;
    for (auto const& part : snapshot_.parts_) {
      auto const& index = part.rows->words();
      frequency += index.frequency(range_of(index, words_, i));
    }
    auto const all = static_cast<float>(snapshot_.size() + 1);
    rarity_.push_back(std::log(1 + all / (static_cast<float>(frequency) + 1)));
  }
}

void search_pass::score_word(segment const& rows, std::size_t word, std::vector<float>& scores,
                             std::vector<std::uint32_t>& reached) const {
  auto const range = range_of(rows.words(), words_, word);
  auto const before = static_cast<std::uint32_t>(word);
  for (auto w = range.from; w < range.to; ++w) {
    for (posting const& p : rows.words().postings(w)) {
      // A row takes part when all earlier words were in it.
      if (reached[p.row] < before) continue;
      reached[p.row] = before + 1;
      scores[p.row] += rarity_[word] * p.weight / (p.weight + saturation);
    }
  }
}

std::vector<float> search_pass::scores_of(segment const& rows) const {
  std::vector<float> scores(rows.size(), 0);
  std::vector<std::uint32_t> reached(rows.size(), 0);
  for (std::size_t word = 0; word < words_.size(); ++word) score_word(rows, word, scores, reached);
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (reached[row] < words_.size()) scores[row] = -1;
  return scores;
}

std::vector<std::uint32_t> search_pass::variables_with(segment const& rows, std::vector<std::string> const& words,
                                                       bool all) const {
  std::vector<std::uint32_t> reached(rows.variable_count(), 0);
  auto const& index = rows.variable_words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto const range = range_of(index, words, i);
    auto const before = all ? static_cast<std::uint32_t>(i) : 0U;
    for (auto w = range.from; w < range.to; ++w)
      for (posting const& p : index.postings(w))
        if (reached[p.row] >= before) reached[p.row] = before + 1;
  }
  std::vector<std::uint32_t> found;
  auto const needed = all ? words.size() : 1U;
  for (std::uint32_t n = 0; n < reached.size(); ++n)
    if (reached[n] >= needed) found.push_back(n);
  return found;
}

void search_pass::keep_variables(segment const& rows, std::vector<float>& scores) const {
  std::vector<bool> has(rows.size(), false);
  for (std::uint32_t const n : variables_with(rows, variable_words_, true)) has[rows.variable_at(n).row] = true;
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (!has[row]) scores[row] = -1;
}

bool search_pass::in_range(dataset_record const& r) const {
  if (query_.min_individuals && r.number_of_individuals.value_or(0) < *query_.min_individuals) return false;
  if (!query_.covers_year) return true;
  auto const start = year_of(r.period_start);
  auto const end = year_of(r.period_end);
  if (!start && !end) return false;
  return (!start || *start <= *query_.covers_year) && (!end || *end >= *query_.covers_year);
}

search_pass::accepted_values search_pass::accepted(segment const& rows) const {
  accepted_values wanted;
  for (std::size_t f = 0; f < facet_count; ++f) {
    auto const filter = query_.filters.find(facet_names[f]);
    if (filter == query_.filters.end()) continue;
    for (std::string const& value : filter->second) wanted[f].push_back(rows.column(f).number_of(value));
  }
  return wanted;
}

std::pair<int, std::size_t> search_pass::refusals(segment const& rows, accepted_values const& wanted,
                                                  std::uint32_t row) const {
  int refused = 0;
  std::size_t by = 0;
  for (std::size_t f = 0; f < facet_count; ++f) {
    if (wanted[f].empty()) continue;
    auto const own = rows.column(f).of_row(row);
    bool const good = std::any_of(own.begin(), own.end(), [&](std::uint32_t value) {
      return std::find(wanted[f].begin(), wanted[f].end(), value) != wanted[f].end();
    });
    if (!good) {
      ++refused;
      by = f;
    }
  }
  return {refused, by};
}

void search_pass::count_facets(segment const& rows, std::uint32_t row, int refused, std::size_t by,
                               std::array<std::vector<std::uint32_t>, facet_count>& counts) const {
  for (std::size_t f = 0; f < facet_count; ++f) {
    if (refused == 1 && f != by) continue;
    for (std::uint32_t const value : rows.column(f).of_row(row)) ++counts[f][value];
  }
}

void search_pass::add_counts(segment const& rows, std::array<std::vector<std::uint32_t>, facet_count> const& counts) {
  for (std::size_t f = 0; f < facet_count; ++f)
    for (std::size_t value = 0; value < counts[f].size(); ++value)
      if (counts[f][value] > 0) counts_[f][rows.column(f).values()[value]] += counts[f][value];
}

void search_pass::search_part(std::size_t part) {
  auto const& rows = *snapshot_.parts_[part].rows;
  auto const& alive = *snapshot_.parts_[part].alive;
  auto scores = scores_of(rows);
  if (!variable_words_.empty()) keep_variables(rows, scores);
  auto const wanted = accepted(rows);
  bool const has_range = query_.min_individuals || query_.covers_year;
  std::array<std::vector<std::uint32_t>, facet_count> counts;
  for (std::size_t f = 0; f < facet_count; ++f) counts[f].resize(rows.column(f).values().size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (scores[row] < 0 || !alive[row]) continue;
    if (has_range && !in_range(*rows.entries()[row].record)) continue;
    auto const [refused, by] = refusals(rows, wanted, row);
    if (refused > 1) continue;
    count_facets(rows, row, refused, by, counts);
    if (refused == 0) found_.push_back({part, row, scores[row]});
  }
  add_counts(rows, counts);
}

search_answer search_pass::run() && {
  for (std::size_t part = 0; part < snapshot_.parts_.size(); ++part) search_part(part);
  search_answer answer;
  answer.total = found_.size();
  sort_found();
  fill_page(answer);
  answer.facets = facets();
  return answer;
}

}  // namespace ehds::dcat
