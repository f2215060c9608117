#pragma once
// Test cases as people write them: one text file, a case a block.
//   === title of the case: a sentence that states the rule
//   --- section
//   lines of the section, as they are
// Text before the first "===" explains the file.
#include <catch2/catch.hpp>
#include <cstddef>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace ehds::tests {

struct written_case {
  std::string title;
  std::size_t line = 0;
  std::map<std::string, std::string> sections;

  bool has(std::string const& name) const { return sections.contains(name); }
  // "" when the case does not have the section.
  std::string text(std::string const& name) const {
    auto const found = sections.find(name);
    return found == sections.end() ? std::string() : found->second;
  }
  // The section without its last line end.
  std::string line_of(std::string const& name) const {
    auto found = text(name);
    while (!found.empty() && found.back() == '\n') found.pop_back();
    return found;
  }
};

inline std::vector<written_case> read_cases(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  std::vector<written_case> cases;
  std::string* section = nullptr;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.starts_with("=== ")) {
      cases.push_back({line.substr(4), number, {}});
      section = nullptr;
    } else if (line.starts_with("--- ") && !cases.empty()) {
      section = &cases.back().sections[line.substr(4)];
    } else if (section != nullptr) {
      *section += line + "\n";
    }
  }
  REQUIRE_FALSE(cases.empty());
  return cases;
}

// "\r", "\n", "\t", "\0", "\\" and "\xHH" as C++ writes them, for bytes an editor would change; a line end of the file
// itself counts for nothing.
inline std::string unescaped(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') continue;
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '0':
        out += '\0';
        break;
      case 'x':
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

}  // namespace ehds::tests
