#pragma once
// Real shapes, messages and data that tests use when they are at hand and skip when they are not:
// the folder named by EHDS_SHARED, else ../shared beside the checkout.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace ehds::tests {

inline std::optional<std::filesystem::path> shared_sample(std::string const& relative) {
  char const* const named = std::getenv("EHDS_SHARED");
  std::filesystem::path const root = named != nullptr ? named : EHDS_SOURCE_DIR "/../shared";
  auto const path = root / relative;
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

}  // namespace ehds::tests
