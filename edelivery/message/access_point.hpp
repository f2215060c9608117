#pragma once
// What this access point is, apart from its agreements: its keys and the domain in its message ids.
#include <string>
#include <vector>

#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

struct access_point {
  credentials signing;
  std::vector<credentials> decryption;       // newest first; older ones while a rollover lasts
  std::string domain;                        // "as4.fr.example": the right side of message ids
  std::vector<credentials> other_signing{};  // for profiles that sign with another kind of key
  std::vector<certificate> signed_before{};  // until the last roll: messages of ours are known by them

  // Ours that fit the profile; `signing` when none does, and then signing is refused.
  credentials const& signing_for(security_profile const& profile) const;
};

// A new RFC 2822 msg-id without brackets: uuid@domain.
std::string new_message_id(access_point const& us);

}  // namespace ehds::edelivery
