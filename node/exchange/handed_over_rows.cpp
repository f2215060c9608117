#include "node/exchange/handed_over_rows.hpp"

namespace ehds::node::exchange {

// Numbered apart from the tables of a node that is its own access point.
store::migration handed_over_table() {
  return {"exchange_handed_over", 1,
          "CREATE TABLE exchange_handed_over (seq INTEGER PRIMARY KEY, questions INTEGER NOT NULL, "
          "unknown_for INTEGER NOT NULL, said TEXT NOT NULL) STRICT;"
          // What came by a Domibus was receipted there.
          "DROP VIEW exchange_ledger_view;"
          "CREATE VIEW exchange_ledger_view AS SELECT l.seq, direction, l.message_id, original_message_id, "
          "conversation_id, service, action, nation_id, l.party_id, l.subject, at, raw_sha256, content_sha256, "
          "coalesce(o.status, CASE valid WHEN 1 THEN 'valid' ELSE 'not_valid' END) AS status, attempts, code, reason, "
          "due, settled_at, coalesce(length(coalesce(o.receipt, i.receipt)), 0) > 0 AS has_receipt "
          "FROM exchange_ledger l LEFT JOIN exchange_outbox o ON o.seq = l.seq "
          "LEFT JOIN exchange_inbox i ON i.duplicate_key = l.inbox_key"};
}

std::optional<edelivery::handed_over> find_handed_over(store::reading& now, std::int64_t seq) {
  auto const row = now.first("SELECT questions, unknown_for, said FROM exchange_handed_over WHERE seq = ?", seq);
  if (!row) return std::nullopt;
  return edelivery::handed_over{static_cast<int>(row->integer(0)), static_cast<int>(row->integer(1)), row->text(2)};
}

void keep_handed_over(store::transaction& tx, std::int64_t seq, edelivery::handed_over const& memory) {
  tx.run(
      "INSERT INTO exchange_handed_over (seq, questions, unknown_for, said) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (seq) DO UPDATE SET questions = ?2, unknown_for = ?3, said = ?4",
      seq, memory.questions, memory.unknown_for, memory.said);
}

void forget_handed_over(store::transaction& tx, std::int64_t seq) {
  tx.run("DELETE FROM exchange_handed_over WHERE seq = ?", seq);
}

}  // namespace ehds::node::exchange
