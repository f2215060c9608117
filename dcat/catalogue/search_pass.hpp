#pragma once
// One query over all parts of a snapshot. Only for catalogue/search*.
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "dcat/catalogue/search.hpp"
#include "dcat/catalogue/segment.hpp"

namespace ehds::dcat {

class search_pass {
 public:
  search_pass(search_snapshot const& snapshot, search_query const& query);
  search_answer run() &&;

 private:
  struct found_row {
    std::size_t part = 0;
    std::uint32_t row = 0;
    float score = 0;
  };
  using accepted_values = std::array<std::vector<std::uint32_t>, facet_count>;

  void measure_words();
  void search_part(std::size_t part);
  std::vector<float> scores_of(segment const& rows) const;  // below zero: does not match
  void score_word(segment const& rows, std::size_t word, std::vector<float>& scores,
                  std::vector<std::uint32_t>& reached) const;
  void keep_variables(segment const& rows, std::vector<float>& scores) const;
  bool in_range(dataset_record const& record) const;
  accepted_values accepted(segment const& rows) const;
  // How many facets refuse the row, and the last that does.
  std::pair<int, std::size_t> refusals(segment const& rows, accepted_values const& wanted, std::uint32_t row) const;
  void count_facets(segment const& rows, std::uint32_t row, int refused, std::size_t by,
                    std::array<std::vector<std::uint32_t>, facet_count>& counts) const;
  void add_counts(segment const& rows, std::array<std::vector<std::uint32_t>, facet_count> const& counts);

  word_range range_of(word_index const& index, std::vector<std::string> const& words, std::size_t i) const;
  // Variables (numbers in the segment) with all, or any, of the words.
  std::vector<std::uint32_t> variables_with(segment const& rows, std::vector<std::string> const& words, bool all) const;

  void sort_found();
  void fill_page(search_answer& answer) const;
  std::vector<facet> facets() const;
  segment const& rows_of(found_row const& f) const { return *snapshot_.parts_[f.part].rows; }
  search_entry const& entry_of(found_row const& f) const { return rows_of(f).entries()[f.row]; }

  search_snapshot const& snapshot_;
  search_query const& query_;
  std::vector<std::string> words_;
  std::vector<std::string> variable_words_;
  std::vector<float> rarity_;  // of each word
  std::vector<found_row> found_;
  std::array<std::map<std::string, std::size_t>, facet_count> counts_;
};

}  // namespace ehds::dcat
