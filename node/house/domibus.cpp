// A node that stands behind the country's own Domibus: it hands its messages over there, and fetches those that came.
#include "node/exchange/plugin_line.hpp"
#include "node/exchange/retrieve_worker.hpp"
#include "node/house/parts.hpp"

namespace ehds::node::house {
namespace {

// What the Domibus fetches from a partner waits there like all else. What a partner would fetch from it would have to
// be handed over with a word of its own (ProcessingType), which is not written here.
findings check_bindings(edelivery::pmode_book const& book) {
  findings found;
  for (auto const& mode : book.all())
    if (mode.binding == edelivery::mep_binding::pull)
      found.push_back({"config.access_point.pull",
                       "the P-Mode " + mode.id + " is pulled, which the Domibus does and not this node", mode.id,
                       "leave binding out where the Domibus fetches; what a partner would fetch has to be pushed"});
  return found;
}

}  // namespace

findings stand_behind_domibus(house::parts& p) {
  if (auto found = check_bindings(p.book); !found.empty()) return found;
  auto const& section = p.settings.access_point;
  http::client_options options;
  options.tls.terms = terms_of(p.settings.tls);
  options.tls.ca = section.ca.empty() ? p.settings.trusted_ca : section.ca;
  auto wire = http::client::make(p.io, options);
  if (!wire) return {wire.error()};
  p.access_point_wire = *std::move(wire);
  p.plugin = std::make_unique<exchange::plugin_line>(
      *p.access_point_wire,
      exchange::plugin_terms{section.url, section.user, section.password, p.settings.limits.message_bytes});
  p.sender->hand_over_to(*p.plugin);
  p.retrieve = std::make_unique<exchange::retrieve_worker>(*p.messages, *p.plugin,
                                                           exchange::retrieve_settings{.pause = section.look_every});
  return {};
}

void take_push(house::parts& p, edelivery::backend::push_notice const& notice) {
  using edelivery::backend::push_kind;
  if (notice.kind == push_kind::came) p.retrieve->wake();
  if (notice.kind == push_kind::ended) p.sender->look_at(notice.message_ids, p.wall.now());
  p.work->nudge();
}

}  // namespace ehds::node::house
