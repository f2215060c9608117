#pragma once
// Partners whose access point is looked up: the search, and the wire on which publishers are asked and the access
// points that they name are called. Inside this room only.
#include "node/house/parts.hpp"

namespace ehds::node::house {

// DNS is believed by nobody and yet chooses where the first question goes, and a publisher, who registers for others,
// where our messages go: so to public addresses alone, unless the configuration allows others, and without a
// certificate that a service of ours would open its door for. Judged by what a name leads to at each new connection.
http::client_options lookup_wire_options(config::configuration const& settings);

// Only where a P-Mode asks for it.
findings build_partner_search(house::parts& p);

}  // namespace ehds::node::house
