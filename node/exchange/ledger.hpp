#pragma once
// The ledger: every business message that was sent or received, with its times, attempts, receipt and digests. What
// auditors, officers and the API see of the exchange.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/time.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// What an entry's status and direction can be: first those of what is sent, then those of what came.
inline constexpr std::array<std::string_view, 7> ledger_statuses{"queued", "in_flight", "waiting",  "delivered",
                                                                 "failed", "valid",     "not_valid"};
inline constexpr std::array<std::string_view, 2> ledger_directions{"in", "out"};

struct ledger_entry {
  std::int64_t seq = 0;   // from 1, without gaps
  std::string direction;  // "in" or "out"
  std::string message_id;
  std::string original_message_id;
  std::string conversation_id;
  std::string service;
  std::string action;
  std::string nation_id;  // of the other side
  std::string party_id;   // of the other side
  std::string subject;    // application id, dataset identifier ...
  instant at;             // received, or posted
  std::string status;     // one of ledger_statuses
  int attempts = 0;
  std::string code;                   // EBMS code of the last trouble
  std::string reason;                 // in words
  std::optional<instant> due;         // out: next attempt
  std::optional<instant> settled_at;  // out: receipt or dead letter
  std::string content_sha256;         // of the envelope, hex
  std::string raw_sha256;             // of the message as received or signed, hex; empty before it is signed
  bool has_receipt = false;
};

struct ledger_filter {
  std::optional<std::string> direction = {};
  std::optional<std::string> nation_id = {};
  std::optional<std::string> action = {};
  std::optional<std::string> subject = {};
  std::optional<std::string> status = {};
  std::int64_t before = 0;  // entries with a smaller number; 0: from the newest
  std::size_t count = 50;
};

// Newest first.
std::vector<ledger_entry> list(store::reading& now, ledger_filter const& filter);
std::vector<ledger_entry> in_conversation(store::reading& now, std::string_view conversation_id, std::size_t count);
std::vector<ledger_entry> find_message(store::reading& now, std::string_view message_id);  // in, out or both

// How the attempts to send a message ended, in their order; requeued ones count from 1 again. The last attempt of a
// dead letter that nobody acknowledged says EBMS:0301 (MissingReceipt), and goes on saying it when a later one
// succeeds.
struct ledger_attempt {
  int attempt = 0;
  instant begun_at;
  std::string code;    // empty: delivered
  std::string reason;  // in words
};
std::vector<ledger_attempt> attempts_of(store::reading& now, std::int64_t seq);

// The bytes behind an entry, where they lie: they may be larger than memory, and are checked against their SHA-256 as
// they are read (payload_store::open). Null: there are none. Problems: exchange.ledger.unknown and those of
// payload_store::open.
struct ledger_bytes {
  std::unique_ptr<byte_source> envelope;
  std::unique_ptr<byte_source> attachments;
  std::unique_ptr<byte_source> raw;  // as received, or as signed before encryption
  std::string raw_type;              // Content-Type of raw
  std::string receipt_type;
  std::string receipt;
  bool is_forgotten = false;  // raw was there: the days of retention are over
};
result<ledger_bytes> bytes_of(store::reading& now, store::payload_store const& payloads, std::int64_t seq);

// For metrics and readiness.
struct outbox_state {
  std::size_t open = 0;  // neither delivered nor failed
  std::size_t dead_letters = 0;
  std::optional<instant> oldest_open;  // when it was posted
};
outbox_state state_of_outbox(store::reading& now);

}  // namespace ehds::node::exchange
