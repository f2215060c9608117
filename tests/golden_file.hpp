#pragma once
// Golden files: what was agreed to come out. EHDS_ACCEPT=1 writes them anew; the difference is then read by people.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace ehds::tests {

inline void check_golden(std::string const& path, std::string const& now) {
  if (std::getenv("EHDS_ACCEPT") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << now;
  }
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  std::string const agreed{std::istreambuf_iterator<char>(file), {}};
  if (agreed == now) return;
  // The first line that differs says more than two long texts.
  auto at = std::mismatch(agreed.begin(), agreed.end(), now.begin(), now.end());
  auto const line = std::count(agreed.begin(), at.first, '\n') + 1;
  auto const rest_of_line = [](std::string const& text, std::string::const_iterator from) {
    auto const begin = std::find(std::make_reverse_iterator(from), text.rend(), '\n').base();
    return std::string(begin, std::find(from, text.end(), '\n'));
  };
  FAIL_CHECK("line " << line << "\nagreed: " << rest_of_line(agreed, at.first)
                     << "\nnow:    " << rest_of_line(now, at.second));
}

}  // namespace ehds::tests
