// Records of OASIS SMP 1.0: never a crash, never an exception.
#include "smp_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  ehds::edelivery::tests::try_record(data, size);
  return 0;
}
