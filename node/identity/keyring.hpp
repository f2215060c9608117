#pragma once
// The keys of a node: a folder (0700) of PEM files (0600). What is missing is made at first start: in a rehearsal by
// the demo authority beside it, else the operator puts certificates of the real one there.
//
//   ca/ca.pem ca.key                       the demo authority (RSA 3072)
//   <node>/sign.pem sign.key               AS4 signatures       (RSA 3072)
//          encrypt.pem encrypt.key         AS4 encryption       (RSA 3072)
//          sign-eddsa.pem, encrypt-eddsa.pem ..   the same for eDelivery 2.0 (Ed25519 and X25519), when asked for
//          sign-ecdsa.pem, encrypt-ecdsa.pem ..   and for its alternative curves (P-256)
//          tls.pem tls.key                 HTTPS server and client
//          authority.key authority.jwks    permits              (Ed25519)
//          audit.key audit.jwks            audit checkpoints    (Ed25519)
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/identity/signing_key.hpp"

namespace ehds::node::identity {

// The AS4 keys of one security profile.
struct profile_files {
  std::string profile;  // "edelivery-2.0-eddsa"
  std::filesystem::path sign_certificate, sign_key;
  std::filesystem::path encrypt_certificate, encrypt_key;
};

struct key_files {
  std::filesystem::path folder;
  std::filesystem::path ca;  // ca.pem copied in, for partners and browsers
  std::filesystem::path sign_certificate, sign_key;
  std::filesystem::path encrypt_certificate, encrypt_key;
  std::vector<profile_files> further;  // of the 2.0 profiles; they need not be there
  std::filesystem::path tls_certificate, tls_key;
  std::filesystem::path authority_key, audit_key;
};
key_files key_files_in(std::filesystem::path const& folder);

struct node_names {
  std::string node_id{};  // becomes the certificates' common names: "FR sign"
  std::string country{};
  std::vector<std::string> hosts{};     // DNS names and IP addresses of the HTTPS certificate
  std::vector<std::string> profiles{};  // for which AS4 keys are made besides those of 1.15
};

// The demo authority. Made when missing; its folder stays with the operator.
result<void> init_authority(std::filesystem::path const& ca_folder, instant now);
// Everything of one node that is missing. Problem identity.key names the file.
result<key_files> issue_keys(std::filesystem::path const& ca_folder, std::filesystem::path const& node_folder,
                             node_names const& names, instant now);
// The Ed25519 keys alone, for a node whose certificates come from a real authority.
result<void> make_signing_keys(std::filesystem::path const& node_folder);

struct key_line {
  std::string file;
  std::string subject;      // or the key id of an Ed25519 key
  std::string fingerprint;  // SHA-256, hex
  std::optional<instant> expires;
};
// What is there, sorted by file; unreadable files are problems.
result<std::vector<key_line>> show_keys(std::filesystem::path const& folder);

}  // namespace ehds::node::identity
