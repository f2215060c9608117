#include "node/exchange/retention.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

namespace {

std::vector<std::int64_t> messages_over(store::reading& now, instant before, std::size_t most) {
  std::vector<std::int64_t> all;
  now.each(
      "SELECT l.seq FROM exchange_ledger AS l LEFT JOIN exchange_outbox AS o ON o.seq = l.seq "
      "LEFT JOIN exchange_back_end AS b ON b.seq = l.seq "
      "WHERE (l.raw IS NOT NULL OR l.envelope IS NOT NULL OR l.attachments IS NOT NULL) AND l.at < ?1 "
      "AND ((l.direction = 'in' AND (b.seq IS NULL OR b.processed_at < ?1)) "
      "OR (o.status = 'delivered' AND o.settled_at < ?1)) "
      "ORDER BY l.at LIMIT ?2",
      [&](store::row const& one) { all.push_back(one.integer(0)); }, before, most);
  return all;
}

// Messages of back ends that have neither envelope nor raw bytes: those of a Domibus, and those that a late receipt
// settled when they were to be signed anew. Their parts are left, and what was signed before.
std::vector<std::int64_t> left_behind(store::reading& now, instant before, std::size_t most) {
  std::vector<std::int64_t> all;
  now.each(
      "SELECT b.seq FROM exchange_back_end AS b JOIN exchange_ledger AS l ON l.seq = b.seq "
      "LEFT JOIN exchange_outbox AS o ON o.seq = b.seq "
      "WHERE b.seq IN (SELECT seq FROM exchange_part WHERE payload <> '' UNION SELECT seq FROM exchange_signed_before) "
      "AND l.raw IS NULL AND l.envelope IS NULL AND l.at < ?1 "
      "AND (b.processed_at < ?1 OR (o.status = 'delivered' AND o.settled_at < ?1)) ORDER BY b.seq LIMIT ?2",
      [&](store::row const& one) { all.push_back(one.integer(0)); }, before, most);
  return all;
}

// What this message alone names.
std::vector<std::string> payloads_of(store::transaction& tx, std::int64_t seq) {
  std::vector<std::string> all;
  auto const take = [&](store::row const& one) { all.push_back(one.text(0)); };
  tx.each("SELECT envelope FROM exchange_ledger WHERE seq = ? AND envelope IS NOT NULL", take, seq);
  tx.each("SELECT raw FROM exchange_ledger WHERE seq = ? AND raw IS NOT NULL", take, seq);
  tx.each("SELECT raw FROM exchange_signed_before WHERE seq = ?", take, seq);
  tx.each("SELECT payload FROM exchange_part WHERE seq = ? AND payload <> ''", take, seq);
  tx.each(
      "SELECT mine.attachments FROM exchange_ledger AS mine WHERE mine.seq = ? AND mine.attachments IS NOT NULL AND "
      "NOT EXISTS (SELECT 1 FROM exchange_ledger AS other WHERE other.attachments = mine.attachments AND "
      "other.attachments IS NOT NULL AND other.seq <> mine.seq)",
      take, seq);
  return all;
}

}  // namespace

std::size_t forget_bytes(store::database& db, instant before, std::size_t most) {
  auto const over = db.read([&](store::reading& now) {
    auto found = messages_over(now, before, most);
    return found.empty() ? left_behind(now, before, most) : found;
  });
  if (over.empty()) return 0;
  std::vector<std::string> gone;
  auto const done = db.commit([&](store::transaction& tx) -> result<void> {
    gone.clear();
    for (auto const seq : over) {
      auto const named = payloads_of(tx, seq);
      tx.run("UPDATE exchange_ledger SET envelope = NULL, attachments = NULL, raw = NULL WHERE seq = ?", seq);
      tx.run("DELETE FROM exchange_signed_before WHERE seq = ?", seq);
      tx.run("UPDATE exchange_part SET payload = '' WHERE seq = ?", seq);
      for (auto const& id : named) store::payload_store::forget(tx, id);
      gone.insert(gone.end(), named.begin(), named.end());
    }
    return {};
  });
  if (!done) return 0;
  // Only now: a file that stays behind because the process dies here is swept at the next start.
  for (auto const& id : gone) db.payloads().discard({.id = id, .sha256_hex = {}, .in_file = true});
  return over.size();
}

}  // namespace ehds::node::exchange
