#pragma once
// Keys that tests share: made once a run, small for speed.
#include "base/time.hpp"
#include "edelivery/security/issue.hpp"

namespace ehds::edelivery::tests {

inline instant noon() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

inline credentials issued(std::string name, certificate_use use, credentials const* issuer,
                          instant from = parse_rfc3339("2026-01-01T00:00:00Z").value()) {
  certificate_request request;
  request.common_name = std::move(name);
  request.organization = "Tests";
  request.country = "EU";
  request.use = use;
  request.not_before = from;
  request.rsa_bits = 2048;
  return issue_certificate(request, issuer).value();
}

inline credentials const& authority() {
  static credentials const made = issued("Test CA", certificate_use::authority, nullptr);
  return made;
}
inline credentials const& sender() {
  static credentials const made = issued("sender", certificate_use::signing, &authority());
  return made;
}
inline credentials const& receiver() {
  static credentials const made = issued("receiver", certificate_use::signing_and_encryption, &authority());
  return made;
}
inline credentials const& stranger() {
  static credentials const made = issued("stranger", certificate_use::signing_and_encryption, &authority());
  return made;
}

}  // namespace ehds::edelivery::tests
