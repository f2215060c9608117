#pragma once
// A part of the search index that never changes: entries, their words, their variables' words, and one column a
// facet. Only for catalogue/search*.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/word_index.hpp"

namespace ehds::dcat {

inline constexpr std::size_t facet_count = std::size(facet_names);

// The values of one facet for every row, as numbers into its own list of values.
class facet_column {
 public:
  void append_row(std::vector<std::string> const& values);
  std::span<std::uint32_t const> of_row(std::uint32_t row) const;
  std::vector<std::string> const& values() const { return values_; }
  std::uint32_t number_of(std::string const& value) const;  // UINT32_MAX when no row has it

 private:
  std::vector<std::string> values_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint32_t> offsets_{0};
  std::vector<std::uint32_t> numbers_by_row_;
};

struct variable_place {
  std::uint32_t row = 0;
  variable_row at;
};

class segment {
 public:
  explicit segment(std::vector<search_entry> entries);

  std::size_t size() const { return entries_.size(); }
  std::vector<search_entry> const& entries() const { return entries_; }
  word_index const& words() const { return words_; }
  word_index const& variable_words() const { return variable_words_; }
  variable_place const& variable_at(std::uint32_t n) const { return variables_[n]; }
  std::size_t variable_count() const { return variables_.size(); }
  facet_column const& column(std::size_t facet) const { return columns_[facet]; }
  std::string const& title_key(std::uint32_t row) const { return title_keys_[row]; }  // folded English title
  std::optional<std::uint32_t> row_of(std::string_view key) const;

 private:
  void index_record(std::uint32_t row, dataset_record const& record, word_index_builder& words);
  void index_variables(std::uint32_t row, variable_set const& variables, word_index_builder& words,
                       word_index_builder& variable_words);
  void index_facets(search_entry const& entry);

  std::vector<search_entry> entries_;
  word_index words_;
  word_index variable_words_;
  std::vector<variable_place> variables_;
  std::array<facet_column, facet_count> columns_;
  std::vector<std::string> title_keys_;
  std::unordered_map<std::string, std::uint32_t> rows_;
};

}  // namespace ehds::dcat
