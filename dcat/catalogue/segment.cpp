#include "dcat/catalogue/segment.hpp"

#include <algorithm>

#include "dcat/catalogue/words.hpp"

namespace ehds::dcat {
namespace {

// How much a word tells by where it stands.
constexpr float in_title = 8;
constexpr float in_keyword = 5;
constexpr float in_identifier = 8;
constexpr float in_variable = 1.5F;
constexpr float in_table = 2;
constexpr float in_text = 1;

void add_words(word_index_builder& to, std::uint32_t row, std::string_view text, float weight) {
  for (std::string const& word : words_of(text)) to.add(row, word, weight);
}

void add_words(word_index_builder& to, std::uint32_t row, std::vector<localized> const& texts, float weight) {
  for (localized const& text : texts) add_words(to, row, text.text, weight);
}

std::string name_or_iri(agent const& who) {
  auto const& name = best_text(who.names);
  return name.empty() ? who.iri : name;
}

std::vector<std::string> only(std::string value) {
  if (value.empty()) return {};
  return {std::move(value)};
}

std::string in_words(bool value) { return value ? "true" : "false"; }

}  // namespace

void facet_column::append_row(std::vector<std::string> const& values) {
  auto const begin = numbers_by_row_.size();
  for (std::string const& value : values) {
    auto const [at, is_new] = numbers_.try_emplace(value, static_cast<std::uint32_t>(values_.size()));
    if (is_new) values_.push_back(value);
    auto const from = numbers_by_row_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (std::find(from, numbers_by_row_.end(), at->second) == numbers_by_row_.end())
      numbers_by_row_.push_back(at->second);
  }
  offsets_.push_back(static_cast<std::uint32_t>(numbers_by_row_.size()));
}

std::span<std::uint32_t const> facet_column::of_row(std::uint32_t row) const {
  return std::span(numbers_by_row_).subspan(offsets_[row], offsets_[row + 1] - offsets_[row]);
}

std::uint32_t facet_column::number_of(std::string const& value) const {
  auto const found = numbers_.find(value);
  return found == numbers_.end() ? UINT32_MAX : found->second;
}

segment::segment(std::vector<search_entry> entries) : entries_(std::move(entries)) {
  word_index_builder words;
  word_index_builder variable_words;
  for (std::uint32_t row = 0; row < entries_.size(); ++row) {
    auto const& entry = entries_[row];
    rows_[entry.key] = row;
    title_keys_.push_back(folded(best_text(entry.record->titles, "en")));
    index_record(row, *entry.record, words);
    if (entry.variables) index_variables(row, *entry.variables, words, variable_words);
    index_facets(entry);
  }
  words_ = std::move(words).finish();
  variable_words_ = std::move(variable_words).finish();
}

void segment::index_record(std::uint32_t row, dataset_record const& r, word_index_builder& words) {
  add_words(words, row, r.titles, in_title);
  add_words(words, row, r.keywords, in_keyword);
  add_words(words, row, r.identifier, in_identifier);
  for (std::string const& other : r.other_identifiers) add_words(words, row, other, in_identifier);
  add_words(words, row, r.descriptions, in_text);
  add_words(words, row, r.population_coverage, in_text);
  add_words(words, row, r.provenance, in_text);
  for (agent const* who : {&r.publisher, &r.custodian, &r.hdab}) add_words(words, row, who->names, in_table);
  for (std::string const& value : r.code_values) add_words(words, row, value, in_table);
}

void segment::index_variables(std::uint32_t row, variable_set const& set, word_index_builder& words,
                              word_index_builder& variable_words) {
  for (std::size_t t = 0; t < set.tables.size(); ++t) {
    auto const& table = set.tables[t];
    add_words(words, row, table.titles, in_table);
    add_words(words, row, table.keywords, in_table);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      auto const& column = table.columns[c];
      auto const number = static_cast<std::uint32_t>(variables_.size());
      variables_.push_back({row, {t, c}});
      auto const add = [&](std::string_view text) {
        for (std::string const& word : words_of(text)) {
          words.add(row, word, in_variable);
          variable_words.add(number, word, 1);
        }
      };
      add(column.name);
      for (localized const& text : column.titles) add(text.text);
      for (localized const& text : column.descriptions) add(text.text);
    }
  }
}

// In the order of facet_names.
void segment::index_facets(search_entry const& entry) {
  auto const& r = *entry.record;
  std::array<std::vector<std::string>, facet_count> const values{only(r.access_level),
                                                                 r.health_categories,
                                                                 r.health_themes,
                                                                 r.themes,
                                                                 r.coding_systems,
                                                                 r.standards,
                                                                 only(name_or_iri(r.hdab)),
                                                                 r.countries,
                                                                 r.languages,
                                                                 {in_words(r.has_variables())},
                                                                 only(entry.origin),
                                                                 only(name_or_iri(r.publisher)),
                                                                 r.types,
                                                                 {in_words(r.trusted_data_holder)}};
  for (std::size_t f = 0; f < facet_count; ++f) columns_[f].append_row(values[f]);
}

std::optional<std::uint32_t> segment::row_of(std::string_view key) const {
  auto const found = rows_.find(std::string(key));
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

}  // namespace ehds::dcat
