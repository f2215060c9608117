#pragma once
// wsse:Security read by a fixed grammar: what is not foreseen is refused, nothing is dispatched on what the
// sender wrote. Reading believes nothing and decrypts nothing. For the sources of this folder only.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/security/agreement_method.hpp"
#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery {

namespace uri {
inline constexpr std::string_view base64 =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
inline constexpr std::string_view x509v3 =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
inline constexpr std::string_view pki_path =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1";
inline constexpr std::string_view key_identifier =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier";
inline constexpr std::string_view thumbprint =
    "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1";
inline constexpr std::string_view encrypted_key =
    "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey";
inline constexpr std::string_view content_only =
    "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Only";
inline constexpr std::string_view ciphertext_transform =
    "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Ciphertext-Transform";
}  // namespace uri

inline constexpr std::size_t most_references = 32;  // in one signature
inline constexpr std::size_t most_encrypted_keys = 4;
inline constexpr std::size_t largest_signed_info = 128 * 1024;  // in canonical form
inline constexpr std::size_t longest_prefix_list = 2048;        // as text
inline constexpr std::size_t longest_digest = 256;              // as text

struct reference_block {
  std::string uri;
  std::string transform;              // exactly one
  std::vector<std::string> prefixes;  // of its InclusiveNamespaces
  std::string digest_method;
  std::string digest;  // text as it stands
  xml::node element;
};

struct signature_block {
  xml::node signed_info;
  std::string canonicalization;
  std::vector<std::string> prefixes;
  std::string method;
  std::vector<reference_block> references;
  std::string value;        // raw bytes
  xml::node key_reference;  // wsse:SecurityTokenReference
};

struct encrypted_key_block {
  std::string id;
  key_encryption_method how;
  bool labelled = false;  // xenc:OAEPparams present
  std::string wrapped;    // raw bytes
  std::vector<std::string> data_ids;
  xml::node key_reference;  // whose children name the recipient's certificate
  std::optional<agreement_method_block> agreement;
};

struct encrypted_part_block {
  std::string id;
  std::string mime_type;
  std::string method;
  std::string key_id;  // of the EncryptedKey; empty when only the key's ReferenceList tells
  std::string uri;     // cid:...
};

struct security_header {
  std::vector<xml::node> tokens;  // wsse:BinarySecurityToken
  std::optional<xml::node> timestamp;
  std::vector<encrypted_key_block> keys;
  std::vector<encrypted_part_block> parts;
  signature_block signature;
};

// Problems edelivery.policy.{unsigned, structure}.
result<security_header> read_security_header(parsed_envelope const& envelope);
result<reference_block> read_reference_block(xml::node reference);

problem policy_problem(char const* what, std::string detail, xml::node at);

}  // namespace ehds::edelivery
