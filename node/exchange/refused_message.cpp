#include "node/exchange/refused_message.hpp"

#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "node/exchange/kept_message.hpp"

namespace ehds::node::exchange {
namespace {

bool is_taken_in(store::reading& now, refused_message const& message) {
  edelivery::user_message header;
  header.from.id = message.party;
  header.message_id = message.message_id;
  return now.first("SELECT 1 FROM exchange_inbox WHERE duplicate_key = ?", edelivery::duplicate_key_of(header))
      .has_value();
}

bool is_told(store::reading& now, refused_message const& message) {
  auto const told = now.first(
      "SELECT 1 FROM exchange_event WHERE kind = 'message.refused' AND message_id = ? AND back_end = ? AND party = ?",
      message.message_id, message.back_end, message.party);
  return told || is_taken_in(now, message);
}

}  // namespace

store::migration refused_event_columns() {
  return {"exchange_back_end", 5,
          "ALTER TABLE exchange_event ADD COLUMN party TEXT NOT NULL DEFAULT '';"
          "ALTER TABLE exchange_event ADD COLUMN code TEXT NOT NULL DEFAULT '';"
          "CREATE UNIQUE INDEX exchange_event_refused ON exchange_event (message_id, back_end, party) "
          "WHERE kind = 'message.refused'"};
}

std::optional<refused_message> refused_for_back_end(edelivery::refusal const& why, back_end_list const& all) {
  if (!why.is_proven) return std::nullopt;
  auto const* const code = edelivery::find_ebms_code(why.code);
  if (code != nullptr && code->passing) return std::nullopt;
  auto const* const whose = all.taker_of(why.service, why.action);
  if (whose == nullptr) return std::nullopt;
  return refused_message{whose->name, why.claimed_party, why.message_id, why.code};
}

bool tell_refused(store::database& db, refused_message const& message, instant at) {
  if (db.read([&](store::reading& now) { return is_told(now, message); })) return true;
  auto const told = db.commit([&](store::transaction& tx) -> result<void> {
    if (is_told(tx, message)) return {};  // it came twice at once
    tx.run("INSERT INTO exchange_event (id, back_end, kind, message_id, at, party, code) VALUES (?, ?, ?, ?, ?, ?, ?)",
           tx.next_number("exchange_event"), message.back_end, to_text(event_kind::refused), message.message_id, at,
           message.party, message.code);
    return {};
  });
  return told.has_value();
}

}  // namespace ehds::node::exchange
