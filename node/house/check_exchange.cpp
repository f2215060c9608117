// What the exchange reads before it begins.
#include <algorithm>

#include "node/house/partners.hpp"
#include "node/house/surroundings.hpp"
#include "node/http/naptr_query.hpp"

namespace ehds::node::house {
namespace {

// What the Domibus fetches from a partner waits there like all else.
problems check_bindings(edelivery::pmode_book const& book) {
  problems found;
  for (auto const& mode : book.all())
    if (mode.is_pulled_by_us())
      found.push_back({"config.access_point.pull",
                       "the P-Mode " + mode.id + " says that we fetch, which the Domibus does and not this node",
                       mode.id, "leave binding out where the Domibus fetches"});
  return found;
}

// Nobody is asked; which servers would be has to be known.
result<void> check_lookup(edelivery::pmode_book const& book, std::string const& dns_server) {
  if (std::ranges::none_of(book.all(), [](edelivery::pmode const& one) { return one.discovery.has_value(); }))
    return {};
  auto const dns = http::naptr_query::make(dns_server);
  return dns ? result<void>{} : dns.error();
}

}  // namespace

exchange::back_end_list back_ends_of(config::configuration const& settings) {
  std::vector<exchange::back_end> all;
  for (auto const& section : settings.back_ends) {
    auto& one = all.emplace_back(exchange::back_end{section.name, {}});
    for (auto const& claim : section.takes) one.takes.push_back({claim.service, claim.actions});
  }
  return exchange::back_end_list(std::move(all));
}

problems check_exchange(config::configuration const& settings) {
  auto found = back_ends_of(settings).check("/back_ends");
  auto const take = [&](problems const& all, std::string const& where) {
    for (auto const& one : all) found.push_back(placed(one, where));
  };
  auto const book = load_pmodes(settings);
  if (!book) take(book.error(), "/partners/pmodes");
  auto const partners = load_partners(settings);
  if (!partners) take(partners.error(), "/partners/file");
  if (book && partners) take(check_partners(*book, *partners), "/partners/file");
  if (book && settings.is_behind_domibus()) take(check_bindings(*book), "/partners/pmodes");
  if (book && !settings.is_behind_domibus())
    if (auto const good = check_lookup(*book, settings.partners.dns_server); !good)
      take({good.error()}, "/partners/dns_server");
  return found;
}

}  // namespace ehds::node::house
