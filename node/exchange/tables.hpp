#pragma once
// The rows behind the exchange, written inside effects. Internal to the room: others read them through ledger.hpp.
//
//   exchange_inbox   which messages were taken in, with the receipt that is repeated for a duplicate (inbox.hpp)
//   exchange_ledger  one row for each business message in or out; never changes but for the raw bytes of a sent one
//   exchange_signed_before  the raw bytes of a sent one that was requeued and signed anew: a receipt may name them
//   exchange_attempt  how each attempt to send ended: what the outbox row forgets when the next one begins
//   exchange_pull_request  the ids of the pull requests of the last half hour: none is answered twice
//   exchange_discovered  the access points that were looked up, one row a P-Mode (discovered_partners.hpp)
//   exchange_earlier_signer  certificates that such a partner signed with and its newest record does not name
//   exchange_refusal  what was refused at the door, with its explanation (refusals.hpp)
//   exchange_outbox  where the sending of each outgoing message stands (edelivery/sender)
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edelivery/sender/outbound.hpp"
#include "node/store/database.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

struct ledger_row {
  bool is_incoming = false;
  std::string message_id;
  std::string original_message_id;
  std::string conversation_id;
  std::string service;
  std::string action;
  std::string nation_id;
  std::string party_id;
  std::string subject;
  instant at;
  std::optional<bool> valid;  // incoming
  std::string envelope;       // payload ids; empty: none
  std::string attachments;
  std::string raw;
  std::string raw_type;
  std::string raw_sha256;
  std::string content_sha256;
  std::string inbox_key = {};  // incoming: where its receipt is kept
};

std::int64_t add_to_ledger(store::transaction& tx, ledger_row const& entry);

// An outgoing message whose sending is not over.
struct outbox_row {
  std::int64_t seq = 0;  // in the ledger
  std::string party_id;
  std::string subject;
  edelivery::outbound sending;
  bool is_fetched = false;  // the partner pulls it; written, never read back
  std::string told = {};    // what the log was told last (sending_news.hpp); written by keep_told alone
};

void add_to_outbox(store::transaction& tx, outbox_row const& message);
// Writes the new state unless another worker changed the row since `before` was read: then false.
bool change_outbox(store::transaction& tx, edelivery::outbound const& before, edelivery::outbound const& after,
                   instant now);
void keep_told(store::transaction& tx, std::string_view message_id, std::string_view told);
void note_attempt(store::transaction& tx, std::int64_t seq, edelivery::outbound const& after, instant begun_at);
std::optional<outbox_row> find_in_outbox(store::reading& now, std::string_view message_id);
// The next attempt signs the message anew; the bytes signed so far are kept beside it.
void forget_signature(store::transaction& tx, std::int64_t seq);
struct signed_bytes {
  std::string raw;  // payload id
  std::string raw_type;
};
std::vector<signed_bytes> signed_before(store::reading& now, std::int64_t seq);

// To whom something is due.
std::vector<std::string> parties_due(store::reading& now, instant at, std::chrono::milliseconds longest_wait);
// The first message to that partner that is due and not behind an earlier open one about the same subject: what is
// said about one thing arrives in order. What is due later than the longest wait from now was put off by a clock that
// has been set back since: it is due.
std::optional<outbox_row> next_due_for(store::reading& now, std::string_view party_id, instant at,
                                       std::chrono::milliseconds longest_wait);

// The oldest message that is handed out under this P-Mode and not leased at the moment, in the same order.
std::optional<outbox_row> next_to_fetch(store::reading& now, std::string_view pmode_id, instant at);

}  // namespace ehds::node::exchange
