#include "node/exchange/set_aside.hpp"

namespace ehds::node::exchange {

store::migration set_aside_table() {
  return {"exchange_back_end", 4,
          "CREATE TABLE exchange_set_aside (seq INTEGER PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL, "
          "again INTEGER NOT NULL DEFAULT 0) STRICT;"
          "ALTER TABLE exchange_notice ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0"};
}

void set_aside(store::transaction& tx, box_message const& message, std::string_view reason, instant now) {
  tx.run("INSERT OR REPLACE INTO exchange_set_aside (seq, reason, at) VALUES (?, ?, ?)", message.entry.seq, reason,
         now);
}

void end_set_aside(store::transaction& tx, box_message const& message) {
  tx.run("DELETE FROM exchange_set_aside WHERE seq = ?", message.entry.seq);
}

void push_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids) {
  for (auto const& id : message_ids)
    tx.run(
        "UPDATE exchange_set_aside SET again = 1 WHERE seq IN (SELECT b.seq FROM exchange_back_end AS b "
        "JOIN exchange_ledger AS l ON l.seq = b.seq WHERE l.message_id = ? AND b.back_end = ? AND b.incoming = 1)",
        id, back_end);
}

std::optional<box_message> to_push_again(store::reading& now, std::string_view back_end) {
  auto const next = now.first(
      "SELECT l.message_id FROM exchange_set_aside AS s JOIN exchange_back_end AS b ON b.seq = s.seq "
      "JOIN exchange_ledger AS l ON l.seq = s.seq "
      "WHERE s.again = 1 AND b.back_end = ? ORDER BY s.seq LIMIT 1",
      back_end);
  return next ? find_in_box(now, next->text(0), back_end, way::in) : std::nullopt;
}

std::vector<std::string> set_aside_messages(store::reading& now, std::string_view back_end, std::size_t most) {
  std::vector<std::string> ids;
  now.each(
      "SELECT l.message_id FROM exchange_set_aside AS s JOIN exchange_back_end AS b ON b.seq = s.seq "
      "JOIN exchange_ledger AS l ON l.seq = s.seq "
      "WHERE b.back_end = ? ORDER BY s.seq LIMIT ?",
      [&](store::row const& one) { ids.push_back(one.text(0)); }, back_end, most);
  return ids;
}

std::int64_t count_set_aside(store::reading& now) {
  return now.first("SELECT count(*) FROM exchange_set_aside")->integer(0);
}

}  // namespace ehds::node::exchange
