#pragma once
// Real shapes, messages and data that tests use when they are at hand and skip when they are not:
// the folder named by EHDS_SHARED, else ../shared beside the checkout. Their test cases are tagged [samples], and their
// rooms say HAS_SAMPLES, so that ctest shows whether they ran.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "skipping.hpp"

namespace ehds::tests {

// For what is done with it beside the rest of a test.
inline std::optional<std::filesystem::path> find_shared_sample(std::string const& relative) {
  char const* const named = std::getenv("EHDS_SHARED");
  std::filesystem::path const root = named != nullptr ? named : EHDS_SOURCE_DIR "/../shared";
  auto const path = root / relative;
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

// Nothing: the test case is skipped, and to return.
inline std::optional<std::filesystem::path> shared_sample(std::string const& relative) {
  auto found = find_shared_sample(relative);
  if (!found) skip("there is no " + relative + " in the folder that EHDS_SHARED names");
  return found;
}

}  // namespace ehds::tests
