// Any bytes as a Domibus configuration: what comes out is JSON of ours, and what does not is said in sentences.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "edelivery/pmode/import_domibus.hpp"
#include "edelivery/pmode/read_pmodes.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const made = edelivery::import_domibus(text, {});
  if (!made) {
    if (made.error().code.empty() || made.error().detail.empty()) std::abort();
    return 0;
  }
  for (auto const& one : made->not_carried)
    if (one.detail.empty() || one.mend.empty()) std::abort();
  // The certificates are missing, and the XML may hold empty names; but it is always JSON of known keys.
  auto const read = edelivery::read_pmodes(
      made->json, [](std::string const&) -> result<std::string> { return problem{"file.missing", "none", "", ""}; });
  if (read) return 0;
  for (auto const& one : read.error())
    if (one.code == "edelivery.pmode.json" || one.code == "edelivery.pmode.unknown_key") std::abort();
  return 0;
}
