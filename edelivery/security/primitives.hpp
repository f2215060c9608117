#pragma once
// The few operations on keys and octets that message security needs, for the sources of this folder only.
// Failures carry no reason on purpose: what failed inside a decryption must not be told apart.
#include <optional>
#include <string>
#include <string_view>

#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

inline constexpr std::size_t content_key_size = 16;  // AES-128
inline constexpr int smallest_rsa_bits = 2048;

bool is_rsa(certificate const& cert);  // RSA for PKCS#1 v1.5 and OAEP, of at least smallest_rsa_bits

// RSASSA-PKCS1-v1_5 with SHA-256. Signing gives nothing when the key cannot.
std::optional<std::string> rsa_sha256_sign(private_key const& key, std::string_view octets);
bool rsa_sha256_verify(certificate const& signer, std::string_view octets, std::string_view signature);

// RSAES-OAEP with SHA-256 and MGF1-SHA256, empty label.
std::optional<std::string> rsa_oaep_wrap(certificate const& recipient, std::string_view key);
std::optional<std::string> rsa_oaep_unwrap(private_key const& key, std::string_view wrapped);

// AES-128-GCM as XML Encryption 1.1 stores it: IV (12 bytes), ciphertext, tag (16 bytes).
std::string aes128_gcm_seal(std::string_view key, std::string_view plain);
std::optional<std::string> aes128_gcm_open(std::string_view key, std::string_view sealed);

std::string sha1(std::string_view bytes);             // for thumbprints in key references only
std::string key_identifier(certificate const& cert);  // the extension, or SHA-1 of the public key where it is absent

}  // namespace ehds::edelivery
