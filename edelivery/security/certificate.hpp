#pragma once
// X.509 certificates and private keys as plain values; copies share the same immutable thing.
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/profile.hpp"

struct x509_st;
struct evp_pkey_st;

namespace ehds::edelivery {

class certificate {
 public:
  static result<certificate> from_pem(std::string_view text);
  static result<certificate> from_der(std::string_view bytes);
  // PEM or DER. Problems: edelivery.certificate.unreadable, naming the file.
  static result<certificate> load(std::filesystem::path const& file);
  explicit certificate(std::shared_ptr<x509_st> handle);

  std::string const& der() const { return facts_->der; }
  std::string pem() const;
  std::string subject() const;      // RFC 4514: "CN=fr-sign,O=Demo,C=FR"
  std::string common_name() const;  // of the subject, the last one; empty when there is none
  std::string issuer() const;
  std::string serial() const;                  // decimal
  std::string subject_key_identifier() const;  // raw bytes; empty when the extension is absent
  std::string fingerprint() const;             // SHA-256 of the DER form, hex
  instant not_before() const { return facts_->not_before; }
  instant not_after() const { return facts_->not_after; }
  bool valid_at(instant now) const;
  bool may_sign() const;           // key usage absent, or digitalSignature or nonRepudiation
  bool may_encipher_keys() const;  // key usage absent, or keyEncipherment (RSA), keyAgreement (curves)
  key_kind key() const { return facts_->key; }
  std::string key_text() const;  // "RSA 3072", "elliptic curve P-256"
  // For diagnoses: "CN=fr-sign,O=Demo (serial 17 of CN=CA, Ed25519)".
  std::string const& described() const;

  // Names are compared as distinguished names: case, spacing and spelling of types do not matter.
  bool has_subject(std::string_view rfc4514) const;
  bool has_issuer(std::string_view rfc4514) const;
  // Is this the text of one attribute of the subject (common name, serial number, user id)?
  bool subject_holds(std::string_view text) const;

  bool operator==(certificate const& other) const { return facts_ == other.facts_ || der() == other.der(); }
  x509_st* handle() const { return handle_.get(); }

 private:
  // What every message asks for and is dear to find out.
  struct facts {
    std::string der;
    key_kind key = key_kind::other;
    instant not_before;
    instant not_after;
    std::once_flag told;
    std::string description;
  };
  std::shared_ptr<x509_st> handle_;
  std::shared_ptr<facts> facts_;
};

class private_key {
 public:
  static result<private_key> from_pem(std::string_view text, std::string_view passphrase = {});
  // PEM or PKCS#8 DER, or the URI of a key in a device. Problems: those of load_device_key; edelivery.key.unreadable,
  // naming the file and never its content.
  static result<private_key> load(std::filesystem::path const& file, std::string_view passphrase = {});
  explicit private_key(std::shared_ptr<evp_pkey_st> handle) : handle_(std::move(handle)) {}

  std::string pem() const;  // unencrypted PKCS#8: for the file that holds it, never for a log; not of a device's key
  bool belongs_to(certificate const& cert) const;
  key_kind kind() const;
  evp_pkey_st* handle() const { return handle_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> handle_;
};

struct credentials {
  certificate cert;
  private_key key;
  std::vector<certificate> chain{};  // its issuers, nearest first; for tokens that show the path
};

// Loads both and checks that they belong together (edelivery.key.mismatch). Further certificates in the certificate's
// file are its chain.
result<credentials> load_credentials(std::filesystem::path const& certificate_file,
                                     std::filesystem::path const& key_file, std::string_view passphrase = {});

}  // namespace ehds::edelivery
