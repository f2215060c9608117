#pragma once
// Ed25519 keys (RFC 8032): permits, audit checkpoints. Copies share the same immutable key.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct evp_pkey_st;

namespace ehds::node::identity {

class verifying_key {
 public:
  static result<verifying_key> from_raw(std::string_view bytes);  // 32 bytes
  explicit verifying_key(std::shared_ptr<evp_pkey_st> handle);

  bool verifies(std::string_view message, std::string_view signature) const;
  std::string raw() const;
  std::string id() const;  // RFC 7638 thumbprint of the JWK, base64url: used as kid

 private:
  std::shared_ptr<evp_pkey_st> handle_;
};

class signing_key {
 public:
  static signing_key make();                                           // a new one
  static result<signing_key> from_raw(std::string_view seed);          // 32 bytes
  static result<signing_key> from_pem(std::string_view text);          // PKCS#8
  static result<signing_key> load(std::filesystem::path const& file);  // identity.key, naming the file
  explicit signing_key(std::shared_ptr<evp_pkey_st> handle);

  std::string sign(std::string_view message) const;  // 64 bytes
  verifying_key public_half() const;
  std::string pem() const;  // for the file that holds it, never for a log
  std::string id() const { return public_half().id(); }

 private:
  std::shared_ptr<evp_pkey_st> handle_;
};

}  // namespace ehds::node::identity
