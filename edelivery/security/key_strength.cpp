#include "edelivery/security/key_strength.hpp"

#include "edelivery/security/elliptic_curve.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/primitives.hpp"

namespace ehds::edelivery {

bool is_strong_enough(certificate const& cert) {
  switch (cert.key()) {
    case key_kind::rsa:
      return is_rsa(cert);
    case key_kind::elliptic_curve:
      return curve_of(X509_get0_pubkey(cert.handle())) != nullptr;
    case key_kind::ed25519:
    case key_kind::x25519:
      return true;
    case key_kind::other:
      return false;
  }
  return false;
}

}  // namespace ehds::edelivery
