// Asks a partner from a node that does not run.
#include <thread>

#include "node/audit/log.hpp"
#include "node/exchange/test_message.hpp"
#include "node/house/parts.hpp"

namespace ehds::node::house {
namespace {

constexpr std::chrono::milliseconds look_again{200};

result<std::string> post(house::parts& p, std::string_view pmode_id) {
  std::string id;
  auto const done = p.db->commit([&](store::transaction& tx) -> result<void> {
    auto posted = exchange::post_test(tx, *p.messages, pmode_id);
    if (!posted) return std::move(posted).error();
    id = *std::move(posted);
    audit::append(tx, p.wall.now(), {"node:" + p.settings.node.id, "message.test", id, "posted"});
    return {};
  });
  if (!done) return done.error();
  return id;
}

}  // namespace

result<std::string> house::ping(std::string_view pmode_id, std::chrono::milliseconds patience) {
  auto& p = *parts_;
  if (!p.messages)
    return problem{"house.no_access_point", "This zone of the node has no access point.", p.settings.node.id,
                   "Ask with the configuration of the edge."};
  auto const id = post(p, pmode_id);
  if (!id) return id.error();
  auto const until = std::chrono::steady_clock::now() + patience;
  auto const silence_of = [&p](std::string_view party) { return p.sender->silence_of(party, p.wall.now()); };
  for (;;) {
    p.sender->run_message(*id, p.wall.now());
    auto const told = exchange::outcome_of_test(*p.messages, *id, silence_of);
    if (!told) return told.error();
    if (told->settled_at || std::chrono::steady_clock::now() >= until) return exchange::to_json(*told);
    std::this_thread::sleep_for(look_again);
  }
}

}  // namespace ehds::node::house
