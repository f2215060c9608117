#pragma once
// What a configuration names, looked at before anything is opened: `config check` and `serve` say the same.
#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/data/profile/dataset_profile.hpp"
#include "node/audit/checkpoint.hpp"
#include "node/config/configuration.hpp"
#include "node/identity/signing_key.hpp"

namespace ehds::node::house {

// Keys and certificates, the file of accounts with each account in it, the release and the folder of the records,
// P-Modes, partners and back ends, the country's rules, and each dataset's profile, database and policy. Everything
// that is found, with its place in the configuration. Touches no store and opens no port.
problems check_surroundings(config::configuration const& settings);

// What a node starts with all the same: keys that everybody may read, internal doors that no data zone gets through,
// passwords sent over http, and of the exchange all of edelivery::find_doubts, partners and back ends without a P-Mode,
// P-Modes without a taker. Codes config.key_open, config.door.no_certificate, config.limits.descriptors,
// config.secret.plain, config.partners.{no_pmode, unused}, config.back_end.unused,
// config.pmode.{untaken, own_certificate}, edelivery.pmode.{certificate_ends, same_messages}.
problems find_doubts(config::configuration const& settings, instant now);

// The finding with its place in the configuration before the one it has: "/partners/pmodes (eu.json/pmodes/0/id)".
problem placed(problem found, std::string const& where);

// Whose signatures a data zone believes: the file that its operator carried over from the edge.
result<std::vector<identity::verifying_key>> carried_authority_keys(config::configuration const& settings);

// What person tokens are made with, from the folder of keys; empty: none was made yet. Problem zone.secret.
inline constexpr std::size_t token_secret_bytes = 32;
result<std::string> kept_token_secret(std::filesystem::path const& keys);

// With the key of the folder. Problem audit.key, naming the file.
result<audit::checkpoint_signer> load_audit_signer(config::configuration const& settings);

// The profile of one entry of health_data, with its country's values.
result<connectors::dataset_profile> profile_of(config::dataset_section const& section, std::string const& country);

// The records of the configured folder, read and checked as `serve` does when it takes them in: that takes a while.
// None for a data zone, which has no catalogue, and where check_surroundings finds fault with the release or the
// folder.
struct record_findings {
  problems refused;  // these keep a node from starting
  // Health data without a record there. No hindrance: an editor may bring it, or has put it into the store.
  problems unrecorded;
};
record_findings check_records(config::configuration const& settings);

}  // namespace ehds::node::house
