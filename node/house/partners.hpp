#pragma once
// The node as an access point: its AS4 credentials, its P-Modes, and which nation each partner is.
#include <vector>

#include "base/result.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/pmode/pmode_book.hpp"
#include "node/config/configuration.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::house {

// From the keys folder. Problems name the file.
result<edelivery::access_point> load_access_point(config::configuration const& settings);

// Every *.json of the P-Mode folder; paths of certificates and of revocation lists are relative to it. All their
// revocation terms share one shelf, which holds what an earlier run kept. All findings.
std::expected<edelivery::pmode_book, problems> load_pmodes(config::configuration const& settings);

// Where revocation lists are kept.
std::filesystem::path revocation_folder(config::configuration const& settings);

// {"partners": [{"nation_id": "EU", "party_id": "EU"}]}. No file: no partners. All findings.
std::expected<std::vector<exchange::partner>, problems> load_partners(config::configuration const& settings);

exchange::back_end_list back_ends_of(config::configuration const& settings);

// All that the exchange reads: P-Modes, partners, back ends, and what the access point cannot do. Every finding, with
// its place in the configuration.
problems check_exchange(config::configuration const& settings);

// The exchange's part of find_doubts: all that `pmode check` warns of, partners and back ends without a P-Mode, P-Modes
// that nobody takes messages of, certificates of ours as a partner's.
problems doubt_exchange(config::configuration const& settings, instant now);

// A P-Mode with a partner who is no nation: its messages could not be attributed to anybody.
problems check_partners(edelivery::pmode_book const& book, std::vector<exchange::partner> const& listed);

}  // namespace ehds::node::house
