// The JSON of a business message, as any partner may send it: never throws, and what is accepted can be written again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "node/exchange/business_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace ehds::node::exchange;
  std::string_view const text(reinterpret_cast<char const*>(bytes), size);
  if (auto const read = read_envelope(text)) {
    auto const written = write_envelope(*read);
    if (!written) std::abort();
    auto const again = read_envelope(*written);
    if (!again || *again != *read) std::abort();
  }
  static_cast<void>(read_validation(text));
  return 0;
}
