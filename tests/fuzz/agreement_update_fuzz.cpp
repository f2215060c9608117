// The payload of a certificate update: whatever is read from it can be written, and reads the same.
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "edelivery/certificate_update/agreement_update.hpp"

using namespace ehds::edelivery;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::vector<char> const exact{bytes, bytes + size};
  auto const read = read_agreement_update({exact.data(), exact.size()});
  if (!read) {
    demand(!read.error().code.empty());
    return 0;
  }
  auto const text = std::visit([](auto const& document) { return write_agreement_update(document); }, *read);
  auto const again = read_agreement_update(text);
  // Escapes make a text longer: near the limits it may be refused.
  if (!again && text.size() > 64 * 1024) return 0;
  demand(again.has_value());
  demand(*again == *read);
  return 0;
}
