#pragma once
// A security profile: which algorithms are used and accepted, as data. Exactly these and no others, both
// ways (eDelivery AS4 1.15, section on message layer security).
#include <string>

namespace ehds::edelivery {

enum class token_reference { binary_security_token, subject_key_identifier, issuer_serial };
enum class payload_encryption { required, none };
enum class key_transport { rsa_oaep };  // how the content key travels

struct security_profile {
  std::string id;
  // Algorithm URIs.
  std::string signature;
  std::string digest;
  std::string canonicalization;
  std::string attachment_transform;
  std::string content_encryption;
  std::string key_encryption;
  std::string key_encryption_digest;
  std::string key_encryption_mask;
  key_transport transport = key_transport::rsa_oaep;

  // Choices of the P-Mode.
  payload_encryption encryption = payload_encryption::required;
  token_reference signing_token = token_reference::binary_security_token;      // what we send
  token_reference encryption_token = token_reference::subject_key_identifier;  // what we send
};

// RSA-SHA256, SHA-256, exclusive C14N, AES-128-GCM, RSA-OAEP with SHA-256 and MGF1-SHA256.
security_profile edelivery_1_15_rsa();

}  // namespace ehds::edelivery
