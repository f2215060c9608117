#pragma once
// One message under each profile, and how its receiver opens it.
#include "edelivery/profile_keys.hpp"
#include "edelivery/security/message.hpp"

namespace ehds::edelivery::tests {

inline opening terms_under(security_profile const& profile) {
  opening made{profile, {}, {party_of(profile, "receiver").decryption}, noon()};
  made.trust.pinned = {party_of(profile, "sender").signing.cert};
  return made;
}

inline secured_message sent_under(security_profile const& profile) {
  return secure(header_text, two_parts(), profile, party_of(profile, "sender").signing,
                party_of(profile, "receiver").decryption.cert)
      .value();
}

}  // namespace ehds::edelivery::tests
