#pragma once
// An inverted index: for each word the rows it occurs in, with a weight. Words are sorted, so that the words with a
// common beginning stand side by side.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ehds::dcat {

struct posting {
  std::uint32_t row = 0;
  float weight = 0;
};

struct word_range {
  std::size_t from = 0;
  std::size_t to = 0;
};

class word_index {
 public:
  word_range exact(std::string_view word) const;
  word_range starting_with(std::string_view beginning) const;
  std::span<posting const> postings(std::size_t word) const;
  // Rows in which some word of the range occurs; a row with two of them counts twice.
  std::size_t frequency(word_range range) const { return offsets_[range.to] - offsets_[range.from]; }

 private:
  friend class word_index_builder;
  std::vector<std::string> words_;
  std::vector<std::uint32_t> offsets_{0};
  std::vector<posting> postings_;
};

// Rows must be added in rising order.
class word_index_builder {
 public:
  void add(std::uint32_t row, std::string const& word, float weight);
  word_index finish() &&;

 private:
  std::unordered_map<std::string, std::vector<posting>> postings_;
};

}  // namespace ehds::dcat
