// Any text as a configuration: it is read or every finding has a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "node/config/configuration.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::node::config;
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const env = [](std::string const&) -> std::optional<std::string> { return std::nullopt; };
  auto const read = parse_configuration(text, "/nowhere", env);
  if (read) return 0;
  if (read.error().empty()) std::abort();
  for (auto const& p : read.error())
    if (p.code.empty() || p.detail.empty()) std::abort();
  return 0;
}
