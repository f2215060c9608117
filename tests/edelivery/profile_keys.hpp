#pragma once
// Keys of every security profile for tests: a sender, a receiver and a stranger, each made once a run.
#include <map>
#include <string>

#include "edelivery/keys.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery::tests {

struct profile_party {
  credentials signing;
  credentials decryption;
};

inline credentials issued_for(std::string name, key_kind kind, certificate_use use, std::string curve = "P-256") {
  certificate_request request;
  request.common_name = std::move(name);
  request.organization = "Tests";
  request.country = "EU";
  request.use = use;
  request.not_before = parse_rfc3339("2026-01-01T00:00:00Z").value();
  request.rsa_bits = 2048;
  request.key = kind;
  request.curve = std::move(curve);
  return issue_certificate(request, &authority()).value();
}

inline profile_party const& party_of(security_profile const& profile, std::string const& name) {
  static std::map<std::string, profile_party> made;
  auto const key = profile.id + " " + name;
  if (auto const found = made.find(key); found != made.end()) return found->second;
  return made
      .emplace(key, profile_party{issued_for(name + "-sign", profile.signing_key, certificate_use::signing),
                                  issued_for(name + "-encrypt", profile.encryption_key, certificate_use::encryption)})
      .first->second;
}

inline std::vector<security_profile> every_profile() {
  return {edelivery_1_15_rsa(), edelivery_2_0_eddsa(), edelivery_2_0_ecdsa()};
}

}  // namespace ehds::edelivery::tests
