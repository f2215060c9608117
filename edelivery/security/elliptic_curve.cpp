#include "edelivery/security/elliptic_curve.hpp"

#include "edelivery/security/openssl.hpp"

#include <array>

namespace ehds::edelivery {

namespace {

constexpr std::array<elliptic_curve, 4> curves{{{"urn:oid:1.2.840.10045.3.1.7", "prime256v1"},
                                                {"urn:oid:1.3.132.0.34", "secp384r1"},
                                                {"urn:oid:1.3.132.0.35", "secp521r1"},
                                                {"urn:oid:1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"}}};

}  // namespace

elliptic_curve const* find_curve(std::string_view uri) {
  for (auto const& each : curves) {
    if (each.uri == uri) return &each;
  }
  return nullptr;
}

elliptic_curve const* curve_of(evp_pkey_st const* key) {
  openssl::quiet const afterwards;
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (key == nullptr || EVP_PKEY_is_a(key, "EC") != 1) return nullptr;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return nullptr;
  for (auto const& each : curves) {
    if (std::string_view(name.data(), size) == each.name) return &each;
  }
  return nullptr;
}

}  // namespace ehds::edelivery
