#include "node/exchange/set_aside.hpp"

namespace ehds::node::exchange {
namespace {

constexpr std::chrono::minutes pause{1};

}  // namespace

store::migration set_aside_table() {
  return {"exchange_back_end", 4,
          "CREATE TABLE exchange_set_aside (seq INTEGER PRIMARY KEY, again_at INTEGER) STRICT;"
          "CREATE INDEX exchange_set_aside_again ON exchange_set_aside (again_at) WHERE again_at IS NOT NULL;"
          "ALTER TABLE exchange_notice ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;"
          "ALTER TABLE exchange_event ADD COLUMN seq INTEGER NOT NULL DEFAULT 0"};
}

bool set_aside(store::transaction& tx, box_message const& message) {
  tx.run(
      "DELETE FROM exchange_set_aside WHERE seq NOT IN "
      "(SELECT seq FROM exchange_back_end WHERE incoming = 1 AND processed_at IS NULL)");
  return tx.run(
             "INSERT OR REPLACE INTO exchange_set_aside (seq) "
             "SELECT seq FROM exchange_back_end WHERE seq = ? AND processed_at IS NULL",
             message.entry.seq) > 0;
}

void put_off(store::transaction& tx, box_message const& message, instant now) {
  tx.run("UPDATE exchange_set_aside SET again_at = ? WHERE seq = ?", now + pause, message.entry.seq);
}

void forget_set_aside(store::transaction& tx, std::string_view back_end) {
  tx.run("DELETE FROM exchange_set_aside WHERE seq IN (SELECT seq FROM exchange_back_end WHERE back_end = ?)",
         back_end);
}

std::size_t push_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids,
                       instant now) {
  std::size_t found = 0;
  for (auto const& id : message_ids) {
    auto const changed = tx.run(
        "UPDATE exchange_set_aside SET again_at = ? WHERE seq IN (SELECT b.seq FROM exchange_back_end AS b "
        "JOIN exchange_ledger AS l ON l.seq = b.seq "
        "WHERE l.message_id = ? AND b.back_end = ? AND b.processed_at IS NULL)",
        now, id, back_end);
    found += changed > 0 ? 1 : 0;
  }
  return found;
}

// What is due later than a pause from now was put off by a clock that has been set back since.
std::optional<box_message> to_push_again(store::reading& now, std::string_view back_end, instant at) {
  auto const next = now.first(
      "SELECT s.seq FROM exchange_set_aside AS s JOIN exchange_back_end AS b ON b.seq = s.seq "
      "WHERE s.again_at IS NOT NULL AND (s.again_at <= ?1 OR s.again_at > ?2) AND b.back_end = ?3 "
      "AND b.processed_at IS NULL ORDER BY s.again_at, s.seq LIMIT 1",
      at, at + pause, back_end);
  return next ? find_in_box(now, next->integer(0)) : std::nullopt;
}

std::vector<std::string> set_aside_messages(store::reading& now, std::string_view back_end, std::size_t most) {
  std::vector<std::string> ids;
  now.each(
      "SELECT l.message_id FROM exchange_set_aside AS s JOIN exchange_back_end AS b ON b.seq = s.seq "
      "JOIN exchange_ledger AS l ON l.seq = s.seq "
      "WHERE b.back_end = ? AND b.processed_at IS NULL GROUP BY l.message_id ORDER BY min(s.seq) LIMIT ?",
      [&](store::row const& one) { ids.push_back(one.text(0)); }, back_end, most);
  return ids;
}

std::int64_t count_set_aside(store::reading& now) {
  return now
      .first(
          "SELECT count(*) FROM exchange_set_aside AS s JOIN exchange_back_end AS b ON b.seq = s.seq "
          "WHERE b.processed_at IS NULL")
      ->integer(0);
}

}  // namespace ehds::node::exchange
