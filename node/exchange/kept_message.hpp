#pragma once
// What the store keeps of a message for a back end beside its ledger row: the ebMS header, and the parts, which are
// payloads of the store. Internal to the room.
//
//   exchange_back_end    one row for each such message, in or out: whose it is, its header, when it was processed
//   exchange_part        its payload parts in their order
//   exchange_submission  what was handed over under which idempotency key; caller: the back end
//   exchange_event       what back ends are told of, numbered without gaps
//   exchange_notice      up to where a webhook was told
//   exchange_set_aside   messages that a webhook refused so often that those behind them went first
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "edelivery/message/pack.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

store::migration back_end_tables();
store::migration held_parts_index();

// As text for the store.
std::string write_header(edelivery::user_message const& header);
edelivery::user_message read_header(std::string_view text);

struct kept_part {
  std::string content_id;
  std::string mime_type;
  std::string character_set;
  std::vector<edelivery::message_property> properties;
  std::string payload;  // id in the payload store
  std::uint64_t size = 0;
  std::string sha256_hex;
};

struct kept_message {
  std::int64_t seq = 0;  // in the ledger
  bool is_incoming = false;
  std::string back_end;
  std::string pmode_id;
  edelivery::user_message header;  // without parts
  std::vector<kept_part> parts;
};

void keep_message(store::transaction& tx, kept_message const& message);
std::optional<kept_message> find_kept(store::reading& now, std::int64_t seq);

// Tells of an event with that message, if it is one of a back end.
enum class event_kind { arrived, refused, delivered, failed };
std::string_view to_text(event_kind kind);
void note_event(store::transaction& tx, std::int64_t seq, std::string_view message_id, event_kind kind, instant at);

// The parts of an outgoing message as they are packed; large ones stay where they lie.
struct loaded_parts {
  std::vector<edelivery::message_property> properties;  // of the message
  std::vector<edelivery::outgoing_payload> payloads;
  std::vector<std::unique_ptr<byte_source>> sources;  // of the large ones
};
result<loaded_parts> load_parts(store::database const& db, store::reading& now, kept_message const& message);

}  // namespace ehds::node::exchange
