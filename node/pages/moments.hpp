#pragma once
// Times and days as pages show them.
#include <optional>

#include "base/time.hpp"
#include "node/pages/markup/value.hpp"

namespace ehds::node::pages {

value moment(instant at);                   // {"iso": "2026-11-24T09:00:00.000Z", "text": "2026-11-24 09:00 UTC"}
std::string day(std::optional<date> when);  // "2026-11-24"; empty when there is none

}  // namespace ehds::node::pages
