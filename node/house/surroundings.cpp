#include "node/house/surroundings.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "base/ids.hpp"
#include "connectors/data/engine/check_database.hpp"
#include "connectors/data/profile/shipped_profiles.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/validate.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/house/partners.hpp"
#include "node/identity/accounts.hpp"
#include "policies/packs/country_pack.hpp"

namespace ehds::node::house {
namespace {

bool serves_edge(config::configuration const& settings) { return settings.node.zone != config::zone::data; }

problem at(problem found, std::string const& where) {
  found.where = found.where.empty() ? where : where + " (" + found.where + ")";
  return found;
}

void check_accounts(config::configuration const& settings, problems& found) {
  if (!serves_edge(settings) || settings.accounts.empty()) return;
  std::ostringstream text;
  text << std::ifstream(settings.accounts, std::ios::binary).rdbuf();
  auto const list = identity::parse_accounts(text.str());
  if (!list) return found.push_back(at(list.error(), "/accounts"));
  for (auto const& account : *list)
    if (auto const fine = identity::acceptable_account(account); !fine) {
      auto wrong = at(fine.error(), "/accounts");
      wrong.detail = "Account " + account.who.id + ": " + wrong.detail;
      found.push_back(std::move(wrong));
    }
}

void check_dataset(config::configuration const& settings, config::dataset_section const& section,
                   policies::country_pack const& pack, std::string const& where, problems& found) {
  if (auto const policy = policies::policy_for(pack, section.id); !policy)
    found.push_back(at(policy.error(), where + "/dataset"));
  auto const profile = profile_of(section, settings.node.country);
  if (!profile) return found.push_back(at(profile.error(), where + "/profile"));
  for (auto const& one : connectors::check_database(section.path, *profile)) found.push_back(at(one, where + "/path"));
}

// A store of its own for one look, gone afterwards.
struct passing_store {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ehds-check-" + random_uuid());
  passing_store() { std::filesystem::create_directories(folder); }
  ~passing_store() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  passing_store(passing_store const&) = delete;
  passing_store& operator=(passing_store const&) = delete;
};

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

// A device whose keys cannot be used would only be found out by the first message.
void check_device(config::configuration const& settings, problems& found) {
  if (!serves_edge(settings) || settings.device.module.empty()) return;
  if (auto const us = load_access_point(settings); !us) found.push_back(at(us.error(), "/keys/device"));
}

problems check_surroundings(config::configuration const& settings) {
  problems found;
  check_device(settings, found);
  check_accounts(settings, found);
  if (settings.policy_pack.empty()) return found;
  auto const pack = policies::read_country_pack_file(settings.policy_pack);
  if (!pack) {
    found.push_back(at(pack.error(), "/policy_pack"));
    return found;
  }
  for (std::size_t i = 0; i < settings.health_data.size(); ++i)
    check_dataset(settings, settings.health_data[i], *pack, "/health_data/" + std::to_string(i), found);
  return found;
}

problems check_records(config::configuration const& settings) {
  if (!serves_edge(settings) || settings.catalogue.records.empty()) return {};
  auto const pack = dcat::shipped_release_pack(settings.catalogue.release);
  if (!pack) return {at(pack.error(), "/catalogue/release")};
  passing_store const room;
  auto db = store::database::open(room.folder / "records.sqlite", {.migrations = catalogue::record_book::migrations()});
  if (!db) return {db.error()};
  system_clock const wall;
  dcat::validator const rules(*pack);
  catalogue::record_book records(
      *db, wall, *pack, rules, {settings.node.id, "EU"},
      [](store::transaction&, catalogue::dataset_message const&) -> result<std::string> { return std::string{}; },
      [](store::transaction&, std::string_view, std::string_view, std::string_view) {});
  auto found = records.read_folder(settings.catalogue.records.string(), "check");
  for (auto& one : found) one = at(std::move(one), "/catalogue/records");
  for (std::size_t i = 0; i < settings.health_data.size(); ++i)
    if (auto const& id = settings.health_data[i].id; !records.find(id))
      found.push_back({"zone.catalogue", "The dataset " + id + " has no record in the catalogue.",
                       "/health_data/" + std::to_string(i) + "/dataset",
                       "Write it as the record's dct:identifier, or add its record to " +
                           settings.catalogue.records.string() + "."});
  return found;
}

}  // namespace ehds::node::house
