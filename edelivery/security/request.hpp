#pragma once
// Certificate requests (PKCS#10, RFC 2986) for an authority outside, and whether what came back is what was asked for.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/issue.hpp"

namespace ehds::edelivery {

struct asked_certificate {
  std::string subject;  // RFC 4514, leaf first: "CN=FR sign,OU=eDelivery,O=Ministry,C=FR"
  certificate_use use = certificate_use::signing;
  key_kind key = key_kind::rsa;
  int rsa_bits = 3072;
  std::string curve = "P-256";
  std::vector<std::string> hosts{};  // for tls_server and tls_node
  std::string device_key{};          // the URI of a key that is in the device already; then `key` follows from it
};

struct made_request {
  private_key key;  // fresh, or in the device; never leaves the node
  std::string pem;
};

// Signed by the fresh key, with key usage (digitalSignature; keyEncipherment or keyAgreement) and host names as the
// extensions asked for. Problem edelivery.certificate.request: no name, no such curve, a key that cannot sign (X25519:
// its authority certifies the bare public key), a key that cannot do what it is for. edelivery.key.device.
result<made_request> request_certificate(asked_certificate asked);

// Does this certificate answer the request whose key this is? Problems edelivery.certificate.{other_key, expired,
// key_usage}.
result<void> check_answer(certificate const& got, private_key const& key, certificate_use use, instant now);

}  // namespace ehds::edelivery
