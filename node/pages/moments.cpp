#include "node/pages/moments.hpp"

namespace ehds::node::pages {

value moment(instant at) {
  auto const iso = to_rfc3339(at);
  return value::object({{"iso", iso}, {"text", iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC"}});
}

std::string day(std::optional<date> when) { return when ? to_text(*when) : std::string{}; }

}  // namespace ehds::node::pages
