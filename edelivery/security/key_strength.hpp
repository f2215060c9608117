#pragma once
// Whether the profiles can use a key at all, beside its kind: a certificate that holds another would only be found out
// by the first message.
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

// RSA of 2,048 bits or more, one of the curves of the 2.0 profiles, Ed25519, X25519.
bool is_strong_enough(certificate const& cert);

}  // namespace ehds::edelivery
