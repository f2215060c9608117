#pragma once
// The member `discovery` of a P-Mode: the partner's address and certificates are looked up. Internal to the room.
#include <functional>
#include <vector>

#include "edelivery/pmode/pmode.hpp"
#include "edelivery/pmode/strict_object.hpp"

namespace ehds::edelivery {

// After parties, service, direction and binding are read. `load_authorities` loads those of the publishers.
void read_discovery(strict_object in, pmode& into,
                    std::function<std::vector<certificate>(strict_object&)> const& load_authorities);

// What `certificates` must and must not say then; also how the partner's own messages are trusted.
void check_discovered_trust(strict_object& certificates, pmode& into);

}  // namespace ehds::edelivery
