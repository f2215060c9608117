#pragma once
// A security profile: which algorithms are used and accepted, as data. Exactly these and no others, both
// ways (eDelivery AS4 1.15 and 2.0, sections on message layer security). A P-Mode picks one by its id.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ehds::edelivery {

enum class token_reference { binary_security_token, pki_path, subject_key_identifier, issuer_serial, thumbprint };
enum class payload_encryption { required, none };
enum class key_kind { rsa, ed25519, x25519, elliptic_curve, other };

// How the content key travels: all URIs, empty where the method has no such part.
struct key_encryption_method {
  std::string method;      // RSA-OAEP, or the key wrap
  std::string digest;      // of OAEP; empty on the wire means SHA-1
  std::string mask;        // of OAEP; empty on the wire means MGF1 with SHA-1
  std::string agreement;   // of the secret from which the wrapping key is derived
  std::string derivation;  // HKDF
  std::string prf;         // of HKDF

  bool operator==(key_encryption_method const&) const = default;
};

// What a laboratory also takes from old products; never sent.
struct older_algorithms {
  std::vector<std::string> signatures{};
  std::vector<std::string> content_encryptions{};
  std::vector<key_encryption_method> key_encryptions{};
};

struct security_profile {
  std::string id;
  // Algorithm URIs.
  std::string signature;
  std::string digest;
  std::string canonicalization;
  std::string attachment_transform;
  std::string content_encryption;
  key_encryption_method key_encryption;
  older_algorithms also_accepted{};
  // What the certificates must hold.
  key_kind signing_key = key_kind::rsa;
  key_kind encryption_key = key_kind::rsa;

  // Choices of the P-Mode.
  payload_encryption encryption = payload_encryption::required;
  token_reference signing_token = token_reference::binary_security_token;      // what we send
  token_reference encryption_token = token_reference::subject_key_identifier;  // what we send

  bool takes_signature(std::string_view uri) const;
  bool takes_content_encryption(std::string_view uri) const;
  bool takes_key_encryption(key_encryption_method const& method) const;
};

// RSA-SHA256, AES-128-GCM, RSA-OAEP with SHA-256 and MGF1-SHA256.
security_profile edelivery_1_15_rsa();
// Common Usage Profile: Ed25519, AES-128-GCM, AES-128 key wrap under X25519 and HKDF-SHA256.
security_profile edelivery_2_0_eddsa();
// Alternative elliptic curves: ECDSA-SHA256, and ECDH-ES in the place of X25519.
security_profile edelivery_2_0_ecdsa();
// Sends as 1.15; takes RSA-SHA384/512, AES-256-GCM and OAEP with SHA-1 besides. For captures and rehearsals.
security_profile lab_rsa();

// "edelivery-1.15-rsa", "edelivery-2.0-eddsa", "edelivery-2.0-ecdsa", "lab".
std::optional<security_profile> find_security_profile(std::string_view id);
std::vector<std::string> security_profile_ids();
// The profile for which a signing key of this kind is made; nothing for keys that cannot sign.
std::optional<security_profile> profile_for_signing_key(key_kind kind);

std::string_view name_of(key_kind kind);  // "RSA", "Ed25519", ...

}  // namespace ehds::edelivery
