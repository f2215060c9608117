#pragma once
// Which nation stands behind which access point: the file that `partners.file` of the configuration names.
//   {"partners": [{"nation_id": "EU", "party_id": "EU"}, {"nation_id": "SE", "party_id": "se-ehds-ap1"}]}
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace ehds::node::config {

struct listed_partner {
  std::string nation_id;  // two capital letters, EU for the centre
  std::string party_id;   // of the access point, as the P-Modes write it; each once
};

// All findings, each with its JSON pointer or line. Codes: config.syntax, config.unknown_key, config.type,
// config.value, config.missing.
std::expected<std::vector<listed_partner>, problems> parse_partners(std::string_view text);

}  // namespace ehds::node::config
