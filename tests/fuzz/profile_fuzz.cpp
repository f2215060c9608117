// Any text as a dataset profile: it is read, or every finding has a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/data/profile/dataset_profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::connectors;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const faults = faults_in_profile(text);
  if (read_profile(text).has_value() != faults.empty()) std::abort();
  for (auto const& p : faults)
    if (p.code.empty() || p.detail.empty()) std::abort();
  return 0;
}
