#pragma once
// The few operations on keys and octets that message security needs, for the sources of this folder only.
// Failures carry no reason on purpose: what failed inside a decryption must not be told apart.
#include <optional>
#include <string>
#include <string_view>

#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

inline constexpr std::size_t content_key_size = 16;        // AES-128
inline constexpr std::size_t older_content_key_size = 32;  // AES-256, in the laboratory
inline constexpr int smallest_rsa_bits = 2048;

bool is_rsa(certificate const& cert);  // RSA for PKCS#1 v1.5 and OAEP, of at least smallest_rsa_bits

// RSAES-OAEP with SHA-256 and MGF1-SHA256 (or, when opening, what else is asked for), empty label.
enum class oaep_digest { sha256, sha1 };
struct oaep_digests {
  oaep_digest digest = oaep_digest::sha256;
  oaep_digest mask = oaep_digest::sha256;
};
std::optional<std::string> rsa_oaep_wrap(certificate const& recipient, std::string_view key);
std::optional<std::string> rsa_oaep_unwrap(private_key const& key, std::string_view wrapped, oaep_digests how = {});

// AES-128-GCM as XML Encryption 1.1 stores it: IV (12 bytes), ciphertext, tag (16 bytes).
std::string aes128_gcm_seal(std::string_view key, std::string_view plain);
std::optional<std::string> aes128_gcm_open(std::string_view key, std::string_view sealed);

std::string sha1(std::string_view bytes);             // for thumbprints in key references only
std::string key_identifier(certificate const& cert);  // the extension, or SHA-1 of the public key where it is absent

}  // namespace ehds::edelivery
