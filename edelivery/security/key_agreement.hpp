#pragma once
// X25519 and ECDH-ES, HKDF and AES key wrap: how the 2.0 profiles carry a content key. For the sources of this folder
// only. Failures carry no reason on purpose.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

// The public half of the sender's fresh key, as the message shows it.
class originator_key {
 public:
  // DER SubjectPublicKeyInfo; nothing for what is no X25519 key and no key on a curve of the profiles.
  static std::optional<originator_key> from_der(std::string_view der);
  // A point on a named curve (urn:oid:...), uncompressed or compressed; nothing when it does not lie on it.
  static std::optional<originator_key> from_point(std::string_view curve_uri, std::string_view point);
  explicit originator_key(std::shared_ptr<evp_pkey_st> handle) : handle_(std::move(handle)) {}

  std::string text() const;  // "X25519", "prime256v1"
  bool same_group(certificate const& cert) const;
  evp_pkey_st* handle() const { return handle_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> handle_;
};

struct fresh_key {
  private_key secret;
  std::string der;        // for X25519: SubjectPublicKeyInfo
  std::string curve_uri;  // for curves, with the uncompressed point
  std::string point;
};
// A key pair in the group of the recipient's certificate.
std::optional<fresh_key> make_fresh_key(certificate const& recipient);

inline constexpr std::size_t wrapping_key_size = 16;  // AES-128

struct derivation {
  std::string salt;
  std::string info;
};

// HKDF-SHA256 over the shared secret; nothing when the other key is of small order (RFC 7748, 6.1).
std::optional<std::string> derive_wrapping_key(private_key const& ours, evp_pkey_st* theirs, derivation const& how);

// RFC 3394.
std::string aes128_wrap(std::string_view wrapping_key, std::string_view key);
std::optional<std::string> aes128_unwrap(std::string_view wrapping_key, std::string_view wrapped);

}  // namespace ehds::edelivery
