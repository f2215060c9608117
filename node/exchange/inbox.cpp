#include "node/exchange/inbox.hpp"

#include "base/bytes.hpp"

namespace ehds::node::exchange {
namespace {

// Of what a repetition is judged by and answered with.
std::string digest_of(std::string const& fingerprint, std::string const& receipt) {
  return sha256_hex(fingerprint + ":" + receipt);
}

}  // namespace

store::migration inbox_digest_column() {
  return {"exchange_inbox_digest", 1, "ALTER TABLE exchange_inbox ADD COLUMN sha256 TEXT"};  // none: of before
}

inbox_finding enter(store::transaction& tx, inbox_entry const& entry, instant at) {
  using verdict = edelivery::remembered::verdict;
  auto const added = tx.run(
      "INSERT INTO exchange_inbox (duplicate_key, fingerprint, receipt, receipt_type, received_at, sha256) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      entry.duplicate_key, entry.fingerprint, store::blob{entry.receipt.body}, entry.receipt.content_type, at,
      digest_of(entry.fingerprint, entry.receipt.body));
  if (added == 1) return {{verdict::is_new, ""}, false};
  auto const kept =
      tx.first("SELECT fingerprint, receipt, coalesce(sha256, '') FROM exchange_inbox WHERE duplicate_key = ?",
               entry.duplicate_key);
  auto const fingerprint = kept->text(0);
  auto const receipt = kept->text(1);
  auto const digest = kept->text(2);
  if (!digest.empty() && digest != digest_of(fingerprint, receipt)) return {{}, true};
  bool const is_same = fingerprint == entry.fingerprint;
  return {{is_same ? verdict::same : verdict::different, is_same ? receipt : std::string()}, false};
}

problem damaged_inbox_row(std::string_view message_id) {
  return {"exchange.inbox.damaged",
          "The message came again, and what is stored of its receipt is not what was written: it was not answered.",
          std::string(message_id), "Look at the disk, and bring the store back from a copy."};
}

}  // namespace ehds::node::exchange
