#include "node/house/partner_lookup.hpp"

#include <algorithm>

#include "node/house/wires.hpp"
#include "node/http/naptr_query.hpp"

namespace ehds::node::house {

http::client_options lookup_wire_options(config::configuration const& settings) {
  http::client_options options;
  options.tls.terms = terms_of(settings.tls);
  options.tls.ca = settings.trusted_ca;
  options.reach = settings.partners.private_publishers ? http::reach::anywhere : http::reach::public_addresses;
  return options;
}

findings build_partner_search(house::parts& p) {
  if (std::ranges::none_of(p.book.all(), [](edelivery::pmode const& one) { return one.discovery.has_value(); }))
    return {};
  auto dns = http::naptr_query::make(p.settings.partners.dns_server);
  if (!dns) return {dns.error()};
  auto wire = http::client::make(p.io, lookup_wire_options(p.settings));
  if (!wire) return {wire.error()};
  p.lookup_wire = *std::move(wire);
  p.search_for_partners = std::make_unique<exchange::partner_search>(
      *p.db, p.book, [dns = *std::move(dns)](std::string const& name) { return dns.ask(name); }, *p.lookup_wire);
  p.search_for_partners->on_trouble([&p](std::string const& pmode, problem const& why) {
    p.log.write(telemetry::level::warning, "as4.partner_not_found",
                {{"pmode", pmode}, {"code", why.code}, {"why", to_text(why)}});
  });
  p.metrics.watch("ehds_partners_not_found", "Partners whose access point is looked up and is not known now.",
                  [&p] { return static_cast<double>(exchange::partners_not_found(*p.db, p.book, p.wall.now())); });
  return {};
}

}  // namespace ehds::node::house
