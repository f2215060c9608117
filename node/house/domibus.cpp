// A node that stands behind the country's own Domibus: it hands its messages over there, and fetches those that came.
#include "node/exchange/plugin_line.hpp"
#include "node/exchange/retrieve_worker.hpp"
#include "node/house/parts.hpp"
#include "node/house/wires.hpp"

namespace ehds::node::house {
findings stand_behind_domibus(house::parts& p) {
  auto const& section = p.settings.access_point;
  auto wire = http::client::make(p.io, {.tls = tls_to_access_point(p.settings)});
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
