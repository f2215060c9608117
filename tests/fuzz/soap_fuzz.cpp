// Scan, parse, structure, security header and canonical form of whatever bytes come: never a crash, never an exception.
#include "edelivery/security/secure_message.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

using namespace ehds::edelivery;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  // An exactly sized buffer, so that reading past the end is seen.
  auto const exact = std::make_unique<char[]>(size);
  for (std::size_t i = 0; i < size; ++i) exact[i] = static_cast<char>(data[i]);
  std::string_view const bytes(exact.get(), size);

  auto const parsed = xml::document::parse(bytes);
  if (!parsed) return 0;
  // A canonical form is its own canonical form.
  if (auto const octets = xml::canonicalize(parsed->root())) {
    auto const again = xml::document::parse(*octets);
    if (again && xml::canonicalize(again->root()).value_or("") != *octets) std::abort();
  }
  auto const envelope = parse_envelope(bytes);
  if (!envelope) return 0;
  auto const references = references_of(*envelope);
  for (auto const& profile : {edelivery_1_15_rsa(), edelivery_2_0_eddsa(), edelivery_2_0_ecdsa(), lab_rsa()}) {
    opening const nobody{profile, {}, {}, {}};
    if (verify_and_decrypt(*envelope, {}, nobody)) std::abort();
  }
  return 0;
}
