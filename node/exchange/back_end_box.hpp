#pragma once
// What back ends see of their messages: what came and waits, the parts, what became of what they sent, and the events
// of all that in order.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/ebms/user_message.hpp"
#include "node/exchange/ledger.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

struct box_part {
  std::string content_id;  // incoming: as it came; outgoing: as it was handed over
  std::string mime_type;
  std::string character_set;
  std::vector<edelivery::message_property> properties;
  std::uint64_t size = 0;
  std::string sha256_hex;
};

// What the status of an incoming one can be; that of an outgoing one is the ledger's.
inline constexpr std::array<std::string_view, 2> arrived_statuses{"waiting", "processed"};

struct box_message {
  ledger_entry entry;
  std::string back_end;
  std::string pmode_id;
  edelivery::user_message header;  // without parts
  std::vector<box_part> parts;
  std::optional<instant> processed_at;  // incoming
};

struct box_filter {
  std::optional<std::string> back_end = {};
  std::int64_t after = 0;  // entries with a larger number in the ledger
  std::size_t count = 100;
  std::size_t bytes = 8 * 1024 * 1024;  // of the messages' headers together; the first is given whatever its size
  std::string kinds = {};               // of events, with blanks between; empty: any
};

// Came and not processed, oldest first; there are more after the last one until none come.
std::vector<box_message> waiting(store::reading& now, box_filter const& filter);

// Partners choose the ids of what they send, and one may take that of another message: a message that was sent is found
// before one that came, and of several that came the oldest that waits.
enum class way { in, out, either };
std::optional<box_message> find_in_box(store::reading& now, std::string_view message_id, std::string_view back_end,
                                       way which = way::either);
std::optional<box_message> find_in_box(store::reading& now, std::int64_t seq);  // by its number in the ledger

// The header with a PartInfo for each of its parts, as the plug-in of Domibus shows it.
edelivery::user_message whole_header(box_message const& message);

// The bytes of one part, where they lie; parts are counted from 1. Problems: exchange.part.unknown,
// exchange.part.gone (after the days of retention), those of the store.
result<std::unique_ptr<byte_source>> open_part(store::reading& now, store::payload_store const& payloads,
                                               box_message const& message, std::size_t number);

// Outgoing: the partner's, once it came. Incoming: ours.
struct kept_receipt {
  std::string content_type;
  std::string bytes;
};
std::optional<kept_receipt> receipt_of(store::reading& now, std::int64_t seq);

// Inside an effect: the back end has it. Nothing happens the second time. Problem exchange.message.unknown.
result<void> mark_processed(store::transaction& tx, std::string_view message_id, std::string_view back_end,
                            std::string_view actor, instant now);
// The same for one that was found before: whatever else has its id stays as it is.
void mark_processed(store::transaction& tx, box_message const& message, std::string_view actor, instant now);

// "message.arrived"; "message.refused" (one for it came, signed by its partner, and could not be taken); of its own
// messages "message.delivered" (the receipt is there), "message.failed" (given up: a dead letter).
struct box_event {
  std::int64_t id = 0;
  std::string back_end;
  std::string kind;
  std::string message_id;
  instant at;
  std::int64_t seq = 0;    // of the message in the ledger; 0: it was refused, or noted when events did not name it
  std::string party = {};  // of a refused one: whose it was, and the EBMS code that he was told
  std::string code = {};
};
std::vector<box_event> events_after(store::reading& now, box_filter const& filter);
// {"id", "event", "back_end", "message_id", "at"}, of a refused one also "party", "code" and "reason".
std::string write_event(box_event const& event);
std::vector<box_event> refused_events(store::reading& now, std::string_view message_id, std::string_view back_end);
std::string_view reason_of(box_event const& refused);  // our words for its code

}  // namespace ehds::node::exchange
