#pragma once
// The program itself, run with words as a person types them.
#include <filesystem>
#include <string>
#include <vector>

#include "node/store/fresh_folder.hpp"

namespace ehds::tests {

struct ran {
  int code = 0;        // 128 and more: it did not end by itself
  std::string output;  // standard output
  std::string complaint;
};
// Runs ehds-node to its end.
ran run(std::vector<std::string> const& words);

std::string file_with(fresh_folder const& folder, char const* name, std::string const& text);

// Exactly one line, which names the program, this word, and no stack or code.
bool is_one_sentence(ran const& done, std::string const& naming);

}  // namespace ehds::tests
