// DNS answers of whatever bytes come: never a crash, never an address that is none.
#include "edelivery/discovery/naptr.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace ehds::edelivery;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const records = read_naptr_answer({reinterpret_cast<char const*>(data), size});
  if (!records) return 0;
  auto const address = publisher_address(*records, "Meta:SMP");
  if (address && !address->starts_with("http")) std::abort();
  return 0;
}
