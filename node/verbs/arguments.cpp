#include "node/verbs/arguments.hpp"

#include <algorithm>

namespace ehds::node::verbs {

result<arguments> arguments::read(std::vector<std::string> const& words, known_options const& known) {
  arguments read;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto const& word = words[i];
    if (!word.starts_with("--")) {
      read.words_.push_back(word);
    } else if (std::ranges::count(known.flags, word) > 0) {
      read.options_[word] = "yes";
    } else if (std::ranges::count(known.with_value, word) == 0) {
      return problem{"usage.option", "unknown option " + word, {}, "ehds-node help lists what each verb takes"};
    } else if (i + 1 == words.size()) {
      return problem{"usage.value", word + " needs a value", {}, {}};
    } else {
      read.options_[word] = words[++i];
    }
  }
  if (read.words_.size() < known.least || read.words_.size() > known.most)
    return problem{"usage.words",
                   read.words_.size() < known.least ? "a file is missing" : "too many words",
                   {},
                   "ehds-node help lists what each verb takes"};
  return read;
}

std::string arguments::value(std::string_view option, std::string_view otherwise) const {
  auto const found = options_.find(option);
  return found == options_.end() ? std::string(otherwise) : found->second;
}

}  // namespace ehds::node::verbs
