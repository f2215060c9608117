#pragma once
// Times as the plug-in's Java writes and reads them (LocalDateTime): without an offset they are UTC. Internal to
// backend.
#include <optional>
#include <string>

#include "base/time.hpp"

namespace ehds::edelivery::backend {

// xs:dateTime; nothing else.
std::optional<instant> parse_date_time(std::string text);

}  // namespace ehds::edelivery::backend
