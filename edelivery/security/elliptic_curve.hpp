#pragma once
// The named curves of the eDelivery 2.0 profiles (ECDSA and ECDH-ES). For the sources of this folder only.
#include <string_view>

struct evp_pkey_st;

namespace ehds::edelivery {

struct elliptic_curve {
  std::string_view uri;  // as dsig11:NamedCurve names it
  char const* name;      // OpenSSL's
};

elliptic_curve const* find_curve(std::string_view uri);
elliptic_curve const* curve_of(evp_pkey_st const* key);  // null for other curves and other keys

}  // namespace ehds::edelivery
