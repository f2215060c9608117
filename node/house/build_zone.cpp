// The data zone: engines over the country's health data, each with the disclosure policy of its dataset; and the local
// platform that permits are handed to.

#include "base/ids.hpp"
#include "connectors/data/engine/sqlite_engine.hpp"
#include "node/house/parts.hpp"
#include "node/house/sealed_permit.hpp"
#include "node/house/surroundings.hpp"
#include "node/house/wires.hpp"
#include "node/identity/jws.hpp"
#include "node/identity/private_file.hpp"
#include "policies/packs/country_pack.hpp"

namespace ehds::node::house {
namespace {

// Made once, kept in the zone's key folder, never leaves it.
result<std::string> token_secret(std::filesystem::path const& keys) {
  auto kept = kept_token_secret(keys);
  if (!kept || !kept->empty()) return kept;
  std::filesystem::create_directories(keys);
  auto fresh = random_bytes(token_secret_bytes);
  if (auto const written = identity::write_private_file(keys / "person-tokens.secret", fresh); !written)
    return written.error();
  return fresh;
}

result<federation::zone_dataset> dataset_of(house::parts& p, config::dataset_section const& section,
                                            policies::country_pack const& pack, std::string const& secret) {
  auto local = profile_of(section, p.settings.node.country);
  if (!local) return local.error();
  auto const policy = policies::policy_for(pack, section.id);
  if (!policy) return policy.error();
  return federation::zone_dataset{
      section.id, std::make_unique<connectors::sqlite_engine>(section.path, *std::move(local), secret, p.wall),
      *policy};
}

// Whose signature this zone believes: its own authority's, which a data zone of its own reads from a file that the
// operator carried over.
result<std::vector<identity::verifying_key>> authority_keys(house::parts const& p) {
  if (p.authority_key) return std::vector<identity::verifying_key>{p.authority_key->public_half()};
  return carried_authority_keys(p.settings);
}

}  // namespace

findings build_zone(house::parts& p) {
  if (!p.holds_data()) return {};
  auto const pack = policies::read_country_pack_file(p.settings.policy_pack);
  if (!pack) return {pack.error()};
  auto const secret = token_secret(p.settings.keys);
  if (!secret) return {secret.error()};
  std::vector<federation::zone_dataset> datasets;
  findings found;
  for (auto const& section : p.settings.health_data) {
    auto dataset = dataset_of(p, section, *pack, *secret);
    if (dataset) {
      datasets.push_back(std::move(*dataset));
    } else {
      found.push_back(dataset.error());
    }
  }
  if (!found.empty()) return found;
  auto const keys = authority_keys(p);
  if (!keys) return {keys.error()};
  auto const unseal = [authority = *keys](std::string_view sealed) { return open_sealed_permit(sealed, authority); };
  auto const record = [&p](store::transaction& tx, federation::audited const& entry) {
    audit::append(tx, p.wall.now(),
                  {entry.actor, entry.action, entry.object, entry.outcome, {{"detail", entry.detail}}});
  };
  p.zone = std::make_unique<federation::zone_runner>(*p.db, p.wall, std::move(datasets), unseal, record);
  if (p.settings.node.zone == config::zone::data) {
    federation::clock_follower follow;
    if (p.settings.clock_adjustable) follow = [&p](std::chrono::milliseconds shift) { follow_clock(p, shift); };
    p.line = federation::line_over_http(*p.wire, p.settings.edge.url, std::move(follow));
  } else {
    p.line = federation::line_in_process(*p.jobs, p.settings.node.id + "-data");
  }
  return {};
}

findings build_platform(house::parts& p) {
  if (!p.permits || p.settings.platform.url.empty()) return {};
  if (p.settings.platform.kind == "folder") {
    p.platform = std::make_unique<connectors::folder_platform>(p.settings.platform.url, p.wall);
  } else {
    connectors::http_platform::address to{p.settings.platform.url, {}};
    if (!p.settings.platform.token.empty())
      to.headers.push_back({"Authorization", "Bearer " + p.settings.platform.token});
    auto wire = http::client::make(p.io, {.tls = tls_to_platform(p.settings)});
    if (!wire) return {wire.error()};
    p.platform_wire = std::move(*wire);
    p.platform = std::make_unique<connectors::http_platform>(*p.platform_wire, to);
  }
  p.hand_over = std::make_unique<hand_over_worker>(*p.permits, *p.platform, p.wall);
  return {};
}

}  // namespace ehds::node::house
