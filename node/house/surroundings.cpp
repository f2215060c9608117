#include "node/house/surroundings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>

#include "base/files.hpp"
#include "connectors/data/engine/check_database.hpp"
#include "connectors/data/profile/shipped_profiles.hpp"
#include "dcat/release/pack.hpp"
#include "node/house/partners.hpp"
#include "node/house/wires.hpp"
#include "node/identity/accounts.hpp"
#include "node/identity/jws.hpp"
#include "node/identity/keyring.hpp"
#include "policies/packs/country_pack.hpp"

namespace ehds::node::house {
namespace {

void check_accounts(config::configuration const& settings, problems& found) {
  if (!settings.serves_edge() || settings.accounts.empty()) return;
  std::ostringstream text;
  text << std::ifstream(settings.accounts, std::ios::binary).rdbuf();
  auto const list = identity::parse_accounts(text.str());
  if (!list) return found.push_back(placed(list.error(), "/accounts"));
  for (auto const& account : *list)
    if (auto const fine = identity::acceptable_account(account); !fine) {
      auto wrong = placed(fine.error(), "/accounts");
      wrong.detail = "Account " + account.who.id + ": " + wrong.detail;
      found.push_back(std::move(wrong));
    }
}

void check_dataset(config::configuration const& settings, config::dataset_section const& section,
                   policies::country_pack const& pack, std::string const& where, problems& found) {
  if (auto const policy = policies::policy_for(pack, section.id); !policy)
    found.push_back(placed(policy.error(), where + "/dataset"));
  auto const profile = profile_of(section, settings.node.country);
  if (!profile) return found.push_back(placed(profile.error(), where + "/profile"));
  for (auto const& one : connectors::check_database(section.path, *profile))
    found.push_back(placed(one, where + "/path"));
}

}  // namespace

result<connectors::dataset_profile> profile_of(config::dataset_section const& section, std::string const& country) {
  auto const text = connectors::shipped_profile(section.profile);
  if (!text)
    return problem{
        "zone.profile", "The data model " + section.profile + " is unknown.", {}, "Use omop-5.4 or flat:snds."};
  auto profile = connectors::read_profile(*text);
  if (!profile) return profile.error();
  return connectors::profile_of_country(*profile, country);
}

problem placed(problem found, std::string const& where) {
  found.where = found.where.empty() ? where : where + " (" + found.where + ")";
  return found;
}

result<audit::checkpoint_signer> load_audit_signer(config::configuration const& settings) {
  auto const file = identity::key_files_in(settings.keys).audit_key;
  auto signer = audit::signer_from_pem("ehds-node-" + settings.node.id, read_file(file).value_or(""));
  if (signer) return signer;
  return problem{signer.error().code, "the audit key cannot be used: " + signer.error().detail, file.string(),
                 "make keys with: ehds-node keys issue"};
}

result<std::vector<identity::verifying_key>> carried_authority_keys(config::configuration const& settings) {
  auto const& file = settings.edge.authority_keys;
  auto keys = identity::parse_jwks(read_file(file).value_or(""));
  if (keys && !keys->empty()) return keys;
  return problem{"zone.authority_keys", "the authority's published keys cannot be read", file.string(),
                 "name the file of its /.well-known/jwks.json under edge.authority_keys"};
}

result<std::string> kept_token_secret(std::filesystem::path const& keys) {
  auto const file = keys / "person-tokens.secret";
  std::error_code fault;
  auto const there = std::filesystem::status(file, fault).type();
  if (there == std::filesystem::file_type::not_found) return std::string{};
  auto secret = read_file(file);
  if (!secret || secret->size() != token_secret_bytes)
    return problem{"zone.secret", "the secret of the person tokens cannot be read", file.string(),
                   "restore it: history and tokens belong together"};
  return *std::move(secret);
}

namespace {

std::string why(std::error_code const& fault) { return fault ? ": " + fault.message() : std::string{}; }

// A device whose keys cannot be used would only be found out by the first message.
void check_keys(config::configuration const& settings, problems& found) {
  auto const files = identity::key_files_in(settings.keys);
  std::error_code fault;
  if (!std::filesystem::is_directory(settings.keys, fault))
    return found.push_back({"config.path", "There is no folder of keys " + settings.keys.string() + why(fault) + ".",
                            "/keys/folder",
                            "Make a rehearsal's with ehds-node keys issue, or put those of a real authority there."});
  auto const* const place = settings.device.module.empty() ? "/keys/folder" : "/keys/device";
  if (settings.serves_edge()) {
    if (auto const us = load_access_point(settings); !us) found.push_back(placed(us.error(), place));
    auto const& named = settings.authority.signing_key;
    if (auto const key = identity::signing_key::load(named.empty() ? files.authority_key : named); !key)
      found.push_back(placed(key.error(), named.empty() ? "/keys/folder" : "/authority/signing_key"));
  }
  if (auto const signer = load_audit_signer(settings); !signer) found.push_back(placed(signer.error(), "/keys/folder"));
  if (!settings.holds_data()) return;
  if (auto const secret = kept_token_secret(settings.keys); !secret)
    found.push_back(placed(secret.error(), "/keys/folder"));
}

// What serve would make and cannot: only the looking is done here.
void check_store(config::configuration const& settings, problems& found) {
  std::error_code fault;
  auto there = settings.store;
  auto kind = std::filesystem::status(there, fault).type();
  while (kind == std::filesystem::file_type::not_found && there.has_relative_path()) {
    there = there.parent_path();
    kind = std::filesystem::status(there, fault).type();
  }
  if (kind == std::filesystem::file_type::directory) {
    if (faccessat(AT_FDCWD, there.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return;
    auto const refused = std::error_code(errno, std::generic_category());
    return found.push_back({"config.path", "The store cannot be written in " + there.string() + why(refused) + ".",
                            "/store/folder",
                            "Give the user that the node runs as the right to write there, or name another folder."});
  }
  found.push_back({"config.path",
                   "The store is kept in a folder, and " + there.string() + " is none" + why(fault) + ".",
                   "/store/folder", "Name a folder; a new one is made at the first start."});
}

void check_catalogue(config::configuration const& settings, problems& found) {
  if (!settings.serves_edge()) return;
  if (auto const pack = dcat::shipped_release_pack(settings.catalogue.release); !pack)
    found.push_back(placed(pack.error(), "/catalogue/release"));
  if (settings.catalogue.records.empty()) return;
  std::error_code fault;
  std::filesystem::directory_iterator(settings.catalogue.records, fault);
  if (fault)
    found.push_back({"config.path",
                     "Records are read from a folder, and " + settings.catalogue.records.string() +
                         " cannot be read as one" + why(fault) + ".",
                     "/catalogue/records", "Name the folder that holds their files, and check its permissions."});
}

void check_policies(config::configuration const& settings, problems& found) {
  if (settings.policy_pack.empty()) {
    if (!settings.is_central() && settings.serves_edge())
      found.push_back({"config.missing", "A national node decides by the rules of its country, which are not named.",
                       "/policy_pack", "Name the policy pack: copy one of policies/packs."});
    return;
  }
  auto const pack = policies::read_country_pack_file(settings.policy_pack);
  if (!pack) return found.push_back(placed(pack.error(), "/policy_pack"));
  for (std::size_t i = 0; i < settings.health_data.size(); ++i)
    check_dataset(settings, settings.health_data[i], *pack, "/health_data/" + std::to_string(i), found);
}

}  // namespace

problems check_surroundings(config::configuration const& settings) {
  auto found = check_wires(settings);
  check_store(settings, found);
  check_keys(settings, found);
  check_accounts(settings, found);
  check_catalogue(settings, found);
  if (settings.serves_edge())
    for (auto& one : check_exchange(settings)) found.push_back(std::move(one));
  check_policies(settings, found);
  if (!settings.serves_edge() && !settings.health_data.empty())
    if (auto const keys = carried_authority_keys(settings); !keys)
      found.push_back(placed(keys.error(), "/edge/authority_keys"));
  return found;
}

}  // namespace ehds::node::house
