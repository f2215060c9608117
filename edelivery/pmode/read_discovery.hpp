#pragma once
// The member `discovery` of a P-Mode: the partner's address and certificates are looked up. Internal to the room.
#include <functional>

#include "edelivery/pmode/pmode.hpp"
#include "edelivery/pmode/strict_object.hpp"

namespace ehds::edelivery {

// After parties, service, direction and binding are read. `read_signer` reads `authorities` and `publisher`.
void read_discovery(strict_object in, pmode& into, std::function<partner_trust(strict_object&)> const& read_signer);

// What `certificates` must and must not say then; also how the partner's own messages are trusted.
void check_discovered_trust(strict_object& certificates, pmode& into);

}  // namespace ehds::edelivery
