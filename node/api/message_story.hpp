#pragma once
// What a business message was about, and what else happened to that: for the ledger, as JSON and as a page.
#include <optional>
#include <string>
#include <vector>

#include "node/api/rooms.hpp"
#include "node/exchange/ledger.hpp"

namespace ehds::node::api {

// What of this node the subject of a message is; empty where it is nothing of that kind.
struct message_subject {
  std::vector<std::string> cases;  // at an authority
  std::string application;         // at the centre
  std::string dataset;
};
message_subject subject_of(rooms const& house, exchange::ledger_entry const& entry);

// Messages and events about the same subject, the oldest first; of a message without a subject its conversation.
struct story_line {
  instant at;
  std::optional<exchange::ledger_entry> message;
  std::string event;    // one sentence of the case or of the application, when it is no message
  std::string country;  // whose event, at the centre
};
inline constexpr std::size_t longest_story = 200;
std::vector<story_line> story_of(rooms const& house, exchange::ledger_entry const& entry,
                                 message_subject const& subject);

}  // namespace ehds::node::api
