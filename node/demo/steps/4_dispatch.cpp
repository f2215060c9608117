// The centre dispatches one AS4 message to each country. Finland is down: its message waits and arrives once, later.
#include <algorithm>

#include "node/demo/answers.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

json dispatched(network& net, std::string const& country, std::string const& application) {
  auto const entries = net.as("EU", "operator")
                           .read("/api/ledger?direction=out&action=dataAccessApplication&nation_id=" + country +
                                 "&subject=" + segment(application))
                           .at("entries");
  must(entries.size() == 1, "the centre does not have exactly one message for " + country);
  return entries.at(0);
}

void check_receipt(network& net, json const& entry) {
  must(entry.at("has_receipt").get<bool>(), "the ledger holds no receipt");
  auto const seq = std::to_string(entry.at("seq").get<int>());
  auto const receipt = net.as("EU", "auditor").get("/api/ledger-bytes/" + seq + "?of=receipt");
  must(receipt.status == 200 && receipt.text.find("NonRepudiationInformation") != std::string::npos,
       "the receipt is no non-repudiation receipt");
}

}  // namespace

void step_4_dispatch(network& net, told& so_far) {
  tell_step(4, "The centre dispatches the application over AS4: signed, encrypted, compressed, receipted");
  auto const& application = so_far.application;
  wait_until("France acknowledges", [&] { return dispatched(net, "FR", application).at("status") == "delivered"; });
  auto const to_france = dispatched(net, "FR", application);
  check_receipt(net, to_france);
  tell("France has it; its signed receipt names every digest that was sent");
  json waiting;
  wait_until("the centre tries Finland", [&] {
    waiting = dispatched(net, "FI", application);
    return waiting.at("attempts").get<int>() >= 2;
  });
  must(waiting.at("status") != "delivered", "a node without power acknowledged a message");
  tell("Finland is down: " + std::to_string(waiting.at("attempts").get<int>()) +
       " attempts so far, the next is planned for " + waiting.at("due").get<std::string>());
  net.start("FI");
  wait_until("Finland acknowledges", [&] { return dispatched(net, "FI", application).at("status") == "delivered"; });
  auto const to_finland = dispatched(net, "FI", application);
  check_receipt(net, to_finland);
  auto const received = net.as("FI", "operator")
                            .read("/api/ledger/" + segment(to_finland.at("message_id").get<std::string>()))
                            .at("entries");
  must(received.size() == 1, "Finland stored the message " + std::to_string(received.size()) + " times");
  so_far.cases["FR/access"] = case_of(net, "FR", application);
  so_far.cases["FI/access"] = case_of(net, "FI", application);
  tell("Finland is up again: delivered after " + std::to_string(to_finland.at("attempts").get<int>()) +
       " attempts, stored once, one case opened");
  tell_open("the centre's ledger", net.node("EU").url() + "/ledger");
}

}  // namespace ehds::node::demo
