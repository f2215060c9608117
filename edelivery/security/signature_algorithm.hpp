#pragma once
// The signature algorithms this room can compute. Which of them may be used, a profile says. For the sources of this
// folder only.
#include <optional>
#include <string>
#include <string_view>

#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

struct signature_algorithm {
  std::string_view uri;
  key_kind key;
  char const* digest;  // OpenSSL's name; null where the algorithm hashes by itself (RFC 8032)
};

signature_algorithm const* find_signature_algorithm(std::string_view uri);

// Is the key of the right kind and strength: RSA of 2048 bits or more, a curve of those the profiles name?
bool fits(signature_algorithm const& algorithm, certificate const& cert);

// As XML Signature writes it: for ECDSA the numbers r and s, each of the curve's size (RFC 9231, 2.3.6).
std::optional<std::string> make_signature(signature_algorithm const& algorithm, private_key const& key,
                                          std::string_view octets);
bool signature_is_good(signature_algorithm const& algorithm, certificate const& signer, std::string_view octets,
                       std::string_view signature);

}  // namespace ehds::edelivery
