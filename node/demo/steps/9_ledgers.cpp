// What one node says it delivered and what the others say they received are the same messages, each once, with the same
// content, whatever happened to processes on the way.
#include <map>

#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

std::vector<json> entries_of(network& net, std::string const& id, std::string const& direction) {
  constexpr std::size_t page = 500;
  std::vector<json> all;
  std::string before = "0";
  for (bool more = true; more;) {
    auto const entries =
        net.as(id, "operator")
            .read("/api/ledger?direction=" + direction + "&count=" + std::to_string(page) + "&before=" + before)
            .at("entries");
    all.insert(all.end(), entries.begin(), entries.end());
    more = entries.size() == page;
    if (more) before = std::to_string(entries.back().at("seq").get<std::int64_t>());
  }
  return all;
}

bool all_delivered(network& net, std::string const& id) {
  for (auto const& sent : entries_of(net, id, "out")) {
    must(sent.at("status") != "failed", id + " gave up a message: " + sent.dump());
    if (sent.at("status") != "delivered") return false;
  }
  return true;
}

// What makes a message the same one at both ends.
struct end_of_message {
  std::string from, to, action, content_sha256;
  bool operator==(end_of_message const&) const = default;
};

std::map<std::string, end_of_message> messages_of(network& net, std::vector<std::string> const& nodes, bool sent) {
  std::map<std::string, end_of_message> all;
  for (auto const& id : nodes)
    for (auto const& entry : entries_of(net, id, sent ? "out" : "in")) {
      auto const other = entry.at("nation_id").get<std::string>();
      auto const& message = entry.at("message_id").get<std::string>();
      end_of_message const end{sent ? id : other, sent ? other : id, entry.at("action").get<std::string>(),
                               entry.at("content_sha256").get<std::string>()};
      must(all.emplace(message, end).second, (sent ? "sent twice: " : "received twice: ") + message);
    }
  return all;
}

}  // namespace

void compare_ledgers(network& net) {
  std::vector<std::string> const nodes{"EU", "FR", "FI", "DK"};
  for (auto const& id : nodes)
    wait_until("every message of " + id + " is delivered", [&] { return all_delivered(net, id); });
  auto const sent = messages_of(net, nodes, true);
  auto const received = messages_of(net, nodes, false);
  for (auto const& [message, end] : sent) {
    auto const there = received.find(message);
    must(there != received.end(), end.action + " of " + end.from + " is lost on its way to " + end.to);
    must(there->second == end, end.action + " of " + end.from + " arrived as something else at " + end.to);
  }
  must(sent.size() == received.size(), "a message was received that nobody sent");
  tell("the ledgers of the four nodes agree: " + std::to_string(sent.size()) +
       " messages sent, each received once with the same content");
}

}  // namespace ehds::node::demo
