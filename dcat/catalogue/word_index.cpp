#include "dcat/catalogue/word_index.hpp"

#include <algorithm>

namespace ehds::dcat {

word_range word_index::exact(std::string_view word) const {
  auto const at = std::lower_bound(words_.begin(), words_.end(), word);
  auto const from = static_cast<std::size_t>(at - words_.begin());
  return {from, at != words_.end() && *at == word ? from + 1 : from};
}

word_range word_index::starting_with(std::string_view beginning) const {
  auto const from = std::lower_bound(words_.begin(), words_.end(), beginning);
  auto const to = std::partition_point(from, words_.end(),
                                       [beginning](std::string const& word) { return word.starts_with(beginning); });
  return {static_cast<std::size_t>(from - words_.begin()), static_cast<std::size_t>(to - words_.begin())};
}

std::span<posting const> word_index::postings(std::size_t word) const {
  return std::span(postings_).subspan(offsets_[word], offsets_[word + 1] - offsets_[word]);
}

void word_index_builder::add(std::uint32_t row, std::string const& word, float weight) {
  auto& list = postings_[word];
  if (!list.empty() && list.back().row == row) {
    list.back().weight += weight;
  } else {
    list.push_back({row, weight});
  }
}

word_index word_index_builder::finish() && {
  word_index made;
  made.words_.reserve(postings_.size());
  for (auto const& [word, list] : postings_) made.words_.push_back(word);
  std::sort(made.words_.begin(), made.words_.end());
  for (std::string const& word : made.words_) {
    auto const& list = postings_.find(word)->second;
    made.postings_.insert(made.postings_.end(), list.begin(), list.end());
    made.offsets_.push_back(static_cast<std::uint32_t>(made.postings_.size()));
  }
  postings_.clear();
  return made;
}

}  // namespace ehds::dcat
