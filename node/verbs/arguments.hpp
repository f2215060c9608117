#pragma once
// The words after a verb: files and --options, checked against what the verb knows.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::verbs {

struct known_options {
  std::vector<std::string> with_value;  // "--config"
  std::vector<std::string> flags;       // "--json"
  std::size_t least = 0;                // words without dashes
  std::size_t most = 0;
};

class arguments {
 public:
  // Problems: usage.option, usage.value, usage.words.
  static result<arguments> read(std::vector<std::string> const& words, known_options const& known);

  bool has(std::string_view option) const { return options_.find(option) != options_.end(); }
  std::string value(std::string_view option, std::string_view otherwise = {}) const;
  std::vector<std::string> const& words() const { return words_; }

 private:
  std::map<std::string, std::string, std::less<>> options_;
  std::vector<std::string> words_;
};

}  // namespace ehds::node::verbs
