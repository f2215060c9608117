#pragma once
// Signed texts: JWS compact form (RFC 7515) with EdDSA over Ed25519 (RFC 8037) and nothing else, and the key set (RFC
// 7517) others verify them with.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/identity/signing_key.hpp"

namespace ehds::node::identity {

// Header {"alg":"EdDSA","kid":<key id>,"typ":<type>}.
std::string sign_jws(std::string_view payload, std::string_view type, signing_key const& key);

struct verified_jws {
  std::string payload;
  std::string key_id;
};

// Strict: three parts, alg exactly EdDSA, typ exactly `type`, kid one of the keys, no crit, no key inside the header,
// no member twice, base64url in its only spelling. Problems: jws.syntax, jws.header, jws.key, jws.signature. At most 1
// MiB.
result<verified_jws> verify_jws(std::string_view compact, std::string_view type,
                                std::vector<verifying_key> const& keys);

// {"keys":[{"kty":"OKP","crv":"Ed25519","x":..,"kid":..,"use":"sig","alg":"EdDSA"}]}
std::string to_jwks(std::vector<verifying_key> const& keys);
// Keys of other kinds are skipped. Problem: jwks.syntax.
result<std::vector<verifying_key>> parse_jwks(std::string_view json);

}  // namespace ehds::node::identity
