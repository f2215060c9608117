#include "edelivery/message/access_point.hpp"

#include "base/ids.hpp"

namespace ehds::edelivery {

credentials const& access_point::signing_for(security_profile const& profile) const {
  if (signing.cert.key() == profile.signing_key) return signing;
  for (auto const& each : other_signing) {
    if (each.cert.key() == profile.signing_key) return each;
  }
  return signing;
}

std::string new_message_id(access_point const& us) { return random_uuid() + "@" + us.domain; }

}  // namespace ehds::edelivery
