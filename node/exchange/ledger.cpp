#include "node/exchange/ledger.hpp"

#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {
namespace {

ledger_entry entry_of(store::row const& one) {
  ledger_entry entry;
  entry.seq = one.integer(0);
  entry.direction = one.text(1);
  entry.message_id = one.text(2);
  entry.original_message_id = one.text(3);
  entry.conversation_id = one.text(4);
  entry.service = one.text(5);
  entry.action = one.text(6);
  entry.nation_id = one.text(7);
  entry.party_id = one.text(8);
  entry.subject = one.text(9);
  entry.at = one.time(10);
  entry.raw_sha256 = one.text(11);
  entry.content_sha256 = one.text(12);
  entry.status = one.text(13);
  entry.attempts = static_cast<int>(one.maybe_integer(14).value_or(0));
  entry.code = one.maybe_text(15).value_or("");
  entry.reason = one.maybe_text(16).value_or("");
  entry.settled_at = one.maybe_time(18);
  if (!entry.settled_at) entry.due = one.maybe_time(17);
  entry.has_receipt = one.truth(19);
  return entry;
}

}  // namespace

std::vector<ledger_entry> list(store::reading& now, ledger_filter const& filter) {
  std::vector<ledger_entry> found;
  now.each(
      "SELECT * FROM exchange_ledger_view WHERE (?1 IS NULL OR direction = ?1) AND (?2 IS NULL OR nation_id = ?2) AND "
      "(?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4) AND (?5 IS NULL OR status = ?5) AND "
      "(?6 = 0 OR seq < ?6) ORDER BY seq DESC LIMIT ?7",
      [&](store::row const& one) { found.push_back(entry_of(one)); }, filter.direction, filter.nation_id, filter.action,
      filter.subject, filter.status, filter.before, filter.count);
  return found;
}

std::vector<ledger_entry> in_conversation(store::reading& now, std::string_view conversation_id, std::size_t count) {
  std::vector<ledger_entry> found;
  now.each(
      "SELECT * FROM exchange_ledger_view WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?",
      [&](store::row const& one) { found.push_back(entry_of(one)); }, conversation_id, count);
  return found;
}

std::vector<ledger_entry> find_message(store::reading& now, std::string_view message_id) {
  std::vector<ledger_entry> found;
  now.each(
      "SELECT * FROM exchange_ledger_view WHERE message_id = ? ORDER BY seq",
      [&](store::row const& one) { found.push_back(entry_of(one)); }, message_id);
  return found;
}

std::vector<ledger_attempt> attempts_of(store::reading& now, std::int64_t seq) {
  std::vector<ledger_attempt> all;
  now.each(
      "SELECT attempt, begun_at, code, reason FROM exchange_attempt WHERE seq = ? ORDER BY id",
      [&](store::row const& one) {
        all.push_back({static_cast<int>(one.integer(0)), one.time(1), one.text(2), one.text(3)});
      },
      seq);
  return all;
}

result<ledger_bytes> bytes_of(store::reading& now, store::payload_store const& payloads, std::int64_t seq) {
  auto const found = now.first(
      "SELECT b.envelope, b.attachments, b.raw, b.raw_type, b.receipt, b.receipt_type, "
      "b.raw IS NULL AND l.raw_sha256 <> '' FROM exchange_ledger_bytes AS b JOIN exchange_ledger AS l ON l.seq = b.seq "
      "WHERE b.seq = ?",
      seq);
  if (!found)
    return problem{"exchange.ledger.unknown", "The ledger has no such entry.", "/seq",
                   "seq is a member of the entries of GET /api/ledger."};
  ledger_bytes bytes;
  std::pair<std::size_t, std::unique_ptr<byte_source>*> const kept[] = {
      {0, &bytes.envelope}, {1, &bytes.attachments}, {2, &bytes.raw}};
  for (auto const& [column, into] : kept) {
    auto const id = found->maybe_text(column);
    if (!id) continue;
    auto opened = payloads.open(now, *id);
    if (!opened) return std::move(opened).error();
    *into = *std::move(opened);
  }
  bytes.is_forgotten = found->truth(6);
  bytes.raw_type = found->text(3);
  bytes.receipt = found->maybe_text(4).value_or("");
  bytes.receipt_type = found->maybe_text(5).value_or("");
  return bytes;
}

outbox_state state_of_outbox(store::reading& now) {
  outbox_state state;
  auto const open =
      now.first("SELECT count(*), min(queued_at) FROM exchange_outbox WHERE status NOT IN ('delivered', 'failed')");
  state.open = static_cast<std::size_t>(open->integer(0));
  state.oldest_open = open->maybe_time(1);
  auto const dead = now.first("SELECT count(*) FROM exchange_outbox WHERE status = 'failed'");
  state.dead_letters = static_cast<std::size_t>(dead->integer(0));
  return state;
}

}  // namespace ehds::node::exchange
