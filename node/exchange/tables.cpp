#include "node/exchange/tables.hpp"

#include "node/exchange/dispatcher.hpp"
#include "node/exchange/handed_over_rows.hpp"
#include "node/exchange/inbox.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/notice_progress.hpp"
#include "node/exchange/refused_message.hpp"
#include "node/exchange/set_aside.hpp"
#include "node/exchange/update_rows.hpp"

namespace ehds::node::exchange {
namespace {

std::optional<std::string> null_when_empty(std::string const& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

outbox_row outbox_of(store::row const& one) {
  outbox_row found{one.integer(0), one.text(1), one.text(2), {}};
  auto& sending = found.sending;
  sending.message_id = one.text(3);
  sending.pmode_id = one.text(4);
  sending.status = edelivery::parse_outbound_status(one.text(5)).value();
  sending.attempts = static_cast<int>(one.integer(6));
  sending.queued_at = one.time(7);
  sending.due = one.time(8);
  sending.code = one.text(9);
  sending.reason = one.text(10);
  sending.receipt = one.text(11);
  sending.receipt_type = one.text(12);
  found.told = one.text(13);
  return found;
}

bool is_over(edelivery::outbound_status status) {
  return status == edelivery::outbound_status::delivered || status == edelivery::outbound_status::failed;
}

store::migration pull_request_table() {
  return {"exchange", 6,
          "CREATE TABLE exchange_pull_request (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;"
          "CREATE INDEX exchange_pull_request_at ON exchange_pull_request (at);"
          "CREATE INDEX exchange_ledger_bytes_held ON exchange_ledger (at) "
          "WHERE raw IS NOT NULL OR envelope IS NOT NULL OR attachments IS NOT NULL;"
          "CREATE INDEX exchange_ledger_attachments ON exchange_ledger (attachments) WHERE attachments IS NOT NULL"};
}

store::migration earlier_signer_table() {
  return {"exchange", 8,
          "CREATE TABLE exchange_earlier_signer (pmode_id TEXT NOT NULL, certificate TEXT NOT NULL, "
          "terms TEXT NOT NULL, confirmed_at INTEGER NOT NULL, PRIMARY KEY (pmode_id, certificate)) STRICT"};
}

// Of before: what a row is in trouble for has been told.
store::migration told_column() {
  return {"exchange_outbox_told", 1,
          "ALTER TABLE exchange_outbox ADD COLUMN told TEXT NOT NULL DEFAULT '';"
          "UPDATE exchange_outbox SET told = code WHERE status <> 'delivered'"};
}

}  // namespace

std::vector<store::migration> migrations() {
  return {
      {"exchange", 1,
       "CREATE TABLE exchange_inbox (duplicate_key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, receipt BLOB NOT NULL, "
       "receipt_type TEXT NOT NULL, received_at INTEGER NOT NULL) WITHOUT ROWID;"
       "CREATE TABLE exchange_ledger (seq INTEGER PRIMARY KEY, direction TEXT NOT NULL CHECK (direction IN ('in', "
       "'out')), message_id TEXT NOT NULL, original_message_id TEXT NOT NULL, conversation_id TEXT NOT NULL, "
       "service TEXT NOT NULL, action TEXT NOT NULL, nation_id TEXT NOT NULL, party_id TEXT NOT NULL, "
       "subject TEXT NOT NULL, at INTEGER NOT NULL, valid INTEGER, envelope TEXT, attachments TEXT, raw TEXT, "
       "raw_type TEXT NOT NULL, raw_sha256 TEXT NOT NULL, content_sha256 TEXT NOT NULL, inbox_key TEXT);"
       "CREATE INDEX exchange_ledger_message ON exchange_ledger (message_id);"
       "CREATE INDEX exchange_ledger_subject ON exchange_ledger (subject, seq);"
       "CREATE TABLE exchange_outbox (message_id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, "
       "party_id TEXT NOT NULL, subject TEXT NOT NULL, pmode_id TEXT NOT NULL, status TEXT NOT NULL, "
       "attempts INTEGER NOT NULL, queued_at INTEGER NOT NULL, due INTEGER NOT NULL, code TEXT NOT NULL, "
       "reason TEXT NOT NULL, receipt BLOB NOT NULL, receipt_type TEXT NOT NULL, settled_at INTEGER);"
       "CREATE INDEX exchange_outbox_open ON exchange_outbox (party_id, due, seq) "
       "WHERE status NOT IN ('delivered', 'failed');"
       "CREATE INDEX exchange_outbox_subject ON exchange_outbox (party_id, subject, seq) "
       "WHERE status NOT IN ('delivered', 'failed');"
       "CREATE INDEX exchange_outbox_failed ON exchange_outbox (seq) WHERE status = 'failed';"
       "CREATE VIEW exchange_ledger_view AS SELECT l.seq, direction, l.message_id, original_message_id, "
       "conversation_id, service, action, nation_id, l.party_id, l.subject, at, raw_sha256, content_sha256, "
       "coalesce(o.status, CASE valid WHEN 1 THEN 'valid' ELSE 'not_valid' END) AS status, attempts, code, reason, "
       "due, settled_at, (direction = 'in' OR length(o.receipt) > 0) AS has_receipt "
       "FROM exchange_ledger l LEFT JOIN exchange_outbox o ON o.seq = l.seq;"
       "CREATE VIEW exchange_ledger_bytes AS SELECT l.seq, envelope, attachments, raw, raw_type, "
       "coalesce(o.receipt, i.receipt) AS receipt, coalesce(o.receipt_type, i.receipt_type) AS receipt_type "
       "FROM exchange_ledger l LEFT JOIN exchange_outbox o ON o.seq = l.seq "
       "LEFT JOIN exchange_inbox i ON i.duplicate_key = l.inbox_key"},
      {"exchange", 2,
       "CREATE TABLE exchange_signed_before (raw TEXT PRIMARY KEY, seq INTEGER NOT NULL, raw_type TEXT NOT NULL) "
       "STRICT; CREATE INDEX exchange_signed_before_seq ON exchange_signed_before (seq)"},
      {"exchange", 3,
       "CREATE TABLE exchange_attempt (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, "
       "begun_at INTEGER NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL) STRICT;"
       "CREATE INDEX exchange_attempt_seq ON exchange_attempt (seq, id)"},
      {"exchange", 4, "ALTER TABLE exchange_outbox ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0"},
      {"exchange", 5,
       "CREATE TABLE exchange_discovered (pmode_id TEXT PRIMARY KEY, terms TEXT NOT NULL, address TEXT NOT NULL, "
       "signing TEXT NOT NULL, encryption TEXT NOT NULL, good_until INTEGER NOT NULL, found_at INTEGER NOT NULL) "
       "STRICT"},
      pull_request_table(),
      {"exchange", 7,
       "CREATE TABLE exchange_refusal (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, "
       "message_id TEXT NOT NULL, pmode_id TEXT NOT NULL, problem TEXT NOT NULL, detail TEXT NOT NULL, "
       "bytes INTEGER NOT NULL, explanation TEXT NOT NULL) STRICT;"
       "CREATE INDEX exchange_ledger_conversation ON exchange_ledger (conversation_id, seq)"},
      back_end_tables(),
      held_parts_index(),
      notice_words(),
      set_aside_table(),
      earlier_signer_table(),
      handed_over_table(),
      certificate_update_tables(),
      refusal_origin_columns(),
      inbox_digest_column(),
      told_column(),
      refused_event_columns()};
}

std::int64_t add_to_ledger(store::transaction& tx, ledger_row const& entry) {
  auto const seq = tx.next_number("exchange");
  tx.run(
      "INSERT INTO exchange_ledger (seq, direction, message_id, original_message_id, conversation_id, service, action, "
      "nation_id, party_id, subject, at, valid, envelope, attachments, raw, raw_type, raw_sha256, content_sha256, "
      "inbox_key) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      seq, entry.is_incoming ? "in" : "out", entry.message_id, entry.original_message_id, entry.conversation_id,
      entry.service, entry.action, entry.nation_id, entry.party_id, entry.subject, entry.at, entry.valid,
      null_when_empty(entry.envelope), null_when_empty(entry.attachments), null_when_empty(entry.raw), entry.raw_type,
      entry.raw_sha256, entry.content_sha256, null_when_empty(entry.inbox_key));
  return seq;
}

void add_to_outbox(store::transaction& tx, outbox_row const& message) {
  auto const& sending = message.sending;
  tx.run(
      "INSERT INTO exchange_outbox (message_id, seq, party_id, subject, pmode_id, status, attempts, queued_at, due, "
      "code, reason, receipt, receipt_type, fetched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      sending.message_id, message.seq, message.party_id, message.subject, sending.pmode_id,
      edelivery::to_text(sending.status), sending.attempts, sending.queued_at, sending.due, sending.code,
      sending.reason, store::blob{sending.receipt}, sending.receipt_type, message.is_fetched);
}

bool change_outbox(store::transaction& tx, edelivery::outbound const& before, edelivery::outbound const& after,
                   instant now) {
  std::optional<instant> settled;
  if (is_over(after.status)) settled = now;
  auto const changed = tx.run(
      "UPDATE exchange_outbox SET status = ?, attempts = ?, due = ?, code = ?, reason = ?, receipt = ?, "
      "receipt_type = ?, settled_at = ? WHERE message_id = ? AND status = ? AND attempts = ?",
      edelivery::to_text(after.status), after.attempts, after.due, after.code, after.reason, store::blob{after.receipt},
      after.receipt_type, settled, before.message_id, edelivery::to_text(before.status), before.attempts);
  return changed == 1;
}

void keep_told(store::transaction& tx, std::string_view message_id, std::string_view told) {
  tx.run("UPDATE exchange_outbox SET told = ? WHERE message_id = ?", told, message_id);
}

void note_attempt(store::transaction& tx, std::int64_t seq, edelivery::outbound const& after, instant begun_at) {
  tx.run("INSERT INTO exchange_attempt (seq, attempt, begun_at, code, reason) VALUES (?, ?, ?, ?, ?)", seq,
         after.attempts, begun_at, after.code, after.reason);
}

std::optional<outbox_row> find_in_outbox(store::reading& now, std::string_view message_id) {
  auto const found = now.first(
      "SELECT seq, party_id, subject, message_id, pmode_id, status, attempts, queued_at, due, code, reason, receipt, "
      "receipt_type, told FROM exchange_outbox WHERE message_id = ?",
      message_id);
  if (!found) return std::nullopt;
  return outbox_of(*found);
}

void forget_signature(store::transaction& tx, std::int64_t seq) {
  tx.run(
      "INSERT INTO exchange_signed_before (raw, seq, raw_type) "
      "SELECT raw, seq, raw_type FROM exchange_ledger WHERE seq = ? AND raw IS NOT NULL",
      seq);
  tx.run("UPDATE exchange_ledger SET raw = NULL, raw_type = '', raw_sha256 = '' WHERE seq = ?", seq);
}

std::vector<signed_bytes> signed_before(store::reading& now, std::int64_t seq) {
  std::vector<signed_bytes> all;
  now.each(
      "SELECT raw, raw_type FROM exchange_signed_before WHERE seq = ?",
      [&](store::row const& one) { all.push_back({one.text(0), one.text(1)}); }, seq);
  return all;
}

std::vector<std::string> parties_due(store::reading& now, instant at, std::chrono::milliseconds longest_wait) {
  std::vector<std::string> parties;
  now.each(
      "SELECT DISTINCT party_id FROM exchange_outbox WHERE fetched = 0 AND status NOT IN ('delivered', 'failed') AND "
      "(due <= ?1 OR "
      "due > ?2) ORDER BY party_id",
      [&](store::row const& one) { parties.push_back(one.text(0)); }, at, at + longest_wait);
  return parties;
}

std::optional<outbox_row> next_due_for(store::reading& now, std::string_view party_id, instant at,
                                       std::chrono::milliseconds longest_wait) {
  auto const found = now.first(
      "SELECT seq, party_id, subject, message_id, pmode_id, status, attempts, queued_at, due, code, reason, receipt, "
      "receipt_type, told FROM exchange_outbox AS mine WHERE party_id = ?1 AND fetched = 0 AND status NOT IN "
      "('delivered', "
      "'failed') "
      "AND (due <= ?2 OR due > ?3) AND NOT EXISTS (SELECT 1 FROM exchange_outbox AS earlier WHERE earlier.party_id = "
      "?1 AND "
      "earlier.fetched = 0 AND earlier.status NOT IN ('delivered', 'failed') AND earlier.seq < mine.seq AND "
      "earlier.subject = mine.subject "
      "AND mine.subject <> '') ORDER BY due, seq LIMIT 1",
      party_id, at, at + longest_wait);
  if (!found) return std::nullopt;
  return outbox_of(*found);
}

std::optional<outbox_row> next_to_fetch(store::reading& now, std::string_view pmode_id, instant at) {
  auto const found = now.first(
      "SELECT seq, party_id, subject, message_id, pmode_id, status, attempts, queued_at, due, code, reason, receipt, "
      "receipt_type, told FROM exchange_outbox AS mine WHERE pmode_id = ?1 AND fetched = 1 AND status NOT IN "
      "('delivered', "
      "'failed') AND due <= ?2 AND NOT EXISTS (SELECT 1 FROM exchange_outbox AS earlier WHERE earlier.pmode_id = ?1 "
      "AND "
      "earlier.fetched = 1 AND earlier.status NOT IN ('delivered', 'failed') AND earlier.seq < mine.seq AND "
      "earlier.subject = mine.subject AND mine.subject <> '') ORDER BY seq LIMIT 1",
      pmode_id, at);
  if (!found) return std::nullopt;
  return outbox_of(*found);
}

}  // namespace ehds::node::exchange
