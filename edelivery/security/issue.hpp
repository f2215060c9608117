#pragma once
// A small certificate authority for demos, rehearsals and tests. Real deployments bring their own.
#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

enum class certificate_use {
  authority,
  signing,
  encryption,
  signing_and_encryption,
  tls_server,
  tls_client,
  tls_node  // shows itself as a server and to servers
};

struct certificate_request {
  std::string common_name;
  std::string organization = "EHDS demo";
  std::string country;  // two letters; left out when empty
  certificate_use use = certificate_use::signing;
  std::string host;  // dNSName or IP address for tls_server and tls_node
  std::vector<std::string> more_hosts{};
  instant not_before;
  std::chrono::days lifetime{825};
  int rsa_bits = 3072;
  key_kind key = key_kind::rsa;
  std::string curve = "P-256";  // of an elliptic_curve key
};

// A key pair and its certificate; without an issuer it signs itself, which an X25519 key cannot. A chain holds the
// issuers. Takes part of a second.
// Problem edelivery.certificate.request when the request cannot be put into a certificate.
result<credentials> issue_certificate(certificate_request const& request, credentials const* issuer = nullptr);

}  // namespace ehds::edelivery
