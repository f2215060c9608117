#pragma once
// FR cannot be called; it pushes to EU and fetches what EU has for it.
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "node/exchange/pull.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {

using actions = std::vector<std::string>;
inline constexpr char const* channel = "urn:example:mpc:FR";

inline std::vector<edelivery::pmode> agreed(std::string const& us, std::string const& partner) {
  std::string const star{exchange::star_service};
  auto push = pmode_between(us, partner, star);
  push.id = "push";
  push.way = us == "FR" ? edelivery::direction::send : edelivery::direction::receive;
  auto pull = pmode_between(us, partner, star);
  pull.id = "pull";
  pull.binding = edelivery::mep_binding::pull;
  pull.mpc = channel;
  pull.way = us == "FR" ? edelivery::direction::receive : edelivery::direction::send;
  pull.retry.max_attempts = 3;
  pull.retry.answer_timeout = std::chrono::seconds{120};
  return {push, pull};
}

struct puller_and_pulled {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr;
  test_node eu;
  std::unique_ptr<exchange::pull_answers> answers;
  std::unique_ptr<exchange::pull_worker> worker;

  explicit puller_and_pulled(fault_disk* of_fr = nullptr, fault_disk* of_eu = nullptr)
      : fr("FR", "EU", wire, time, of_fr, agreed("FR", "EU")), eu("EU", "FR", wire, time, of_eu, agreed("EU", "FR")) {
    restart();
    wire.endpoints["https://FR.example/as4"] = nullptr;  // nobody can call FR
  }
  void restart() {
    answers = std::make_unique<exchange::pull_answers>(eu->desk, eu->sender, time);
    worker = std::make_unique<exchange::pull_worker>(fr->desk, wire);
  }
  std::size_t fetch() {
    time.advance(std::chrono::seconds(60));
    return worker->run_once(time.now());
  }
  exchange::ledger_entry sent() { return eu.ledger({.direction = "out"}).at(0); }
  // The request as FR signs it.
  edelivery::wire_message asked(instant at) {
    return edelivery::make_pull_request(agreed("FR", "EU")[1], fr->desk.us(), at).value();
  }
  // FR's receipt for what EU offers next, which EU has not seen.
  edelivery::reply unseen_receipt(instant at) {
    auto const request = asked(at);
    auto const offered = eu->desk.receive(request.content_type, request.body);
    auto receipt = fr->desk.receive_message(offered.content_type, offered.body);
    if (!receipt) throw std::runtime_error("FR says nothing to what EU offered");
    return *std::move(receipt);
  }
};

// Nothing packs what it carries.
inline std::string post_large(puller_and_pulled& both, std::size_t size = 1'000'000) {
  return both.eu.post({.to_nation = "FR",
                       .action = "createDataset",
                       .content = R"({"identifier":"d1"})",
                       .attachments = random_bytes(size)});
}

}  // namespace ehds::tests
