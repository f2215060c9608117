#include "node/house/wires.hpp"

#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

http::listener listener_of(config::listen_section const& section, config::tls_terms_section const& terms) {
  http::listener door;
  door.address = section.address;
  door.port = section.port;
  door.serves = section.serves == config::served::public_side ? "public" : "internal";
  door.trusts_peers = section.serves == config::served::internal_side;
  if (!section.tls) return door;
  auto const ask = section.tls->ask == config::ask_certificate::required ? http::client_certificates::required
                   : section.tls->ask == config::ask_certificate::wanted ? http::client_certificates::wanted
                                                                         : http::client_certificates::none;
  door.tls = http::server_tls{section.tls->certificate, section.tls->private_key, ask, section.tls->client_ca,
                              terms_of(terms)};
  return door;
}

}  // namespace

http::tls_terms terms_of(config::tls_terms_section const& section) {
  return {section.minimum_version == "1.3" ? http::tls_version::v1_3 : http::tls_version::v1_2, section.suites,
          section.groups};
}

http::server_options server_options_of(config::configuration const& settings) {
  http::server_options options;
  for (auto const& section : settings.listen) options.listeners.push_back(listener_of(section, settings.tls));
  options.limits.workers = settings.limits.workers;
  options.limits.queue = settings.limits.queue;
  options.limits.connections = settings.limits.connections;
  options.limits.connections_per_peer = settings.limits.connections_per_peer;
  options.limits.body_bytes = settings.limits.body_bytes;
  return options;
}

http::client_tls tls_to_partners(config::configuration const& settings) {
  http::client_tls tls{.ca = settings.trusted_ca, .terms = terms_of(settings.tls)};
  if (settings.edge.url.empty()) return tls;
  tls.ca = settings.edge.ca;
  tls.certificate_chain = settings.edge.certificate;
  tls.private_key = settings.edge.private_key;
  return tls;
}

http::client_tls tls_to_access_point(config::configuration const& settings) {
  auto const& own = settings.access_point.ca;
  return {.ca = own.empty() ? settings.trusted_ca : own, .terms = terms_of(settings.tls)};
}

http::client_tls tls_to_platform(config::configuration const& settings) { return {.ca = settings.platform.ca}; }

problems check_wires(config::configuration const& settings) {
  problems found;
  auto const look = [&](result<void> const& good, std::string const& where) {
    if (!good) found.push_back(placed(good.error(), where));
  };
  auto const doors = server_options_of(settings).listeners;
  for (std::size_t i = 0; i < doors.size(); ++i) {
    look(http::check_address(doors[i]), "/listen/" + std::to_string(i) + "/address");
    if (doors[i].tls) look(http::check_files(*doors[i].tls), "/listen/" + std::to_string(i) + "/tls");
  }
  look(http::check_files(tls_to_partners(settings)), settings.edge.url.empty() ? "/trusted_ca" : "/edge");
  if (settings.is_behind_domibus() && !settings.access_point.ca.empty())
    look(http::check_files(tls_to_access_point(settings)), "/access_point/ca");
  if (settings.serves_edge() && !settings.platform.url.empty() && settings.platform.kind != "folder")
    look(http::check_files(tls_to_platform(settings)), "/platform/ca");
  return found;
}

}  // namespace ehds::node::house
