#include "node/exchange/update_rows.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/tables.hpp"

namespace ehds::node::exchange {

namespace {

update_row row_of(store::row const& one) {
  return {one.integer(0), one.truth(1),       one.text(2),  one.text(3),  one.text(4),
          one.text(5),    one.text(6),        one.text(7),  one.text(8),  one.text(9),
          one.time(10),   one.maybe_time(11), one.text(12), one.text(13), one.text(14)};
}

result<edelivery::pmode const*> carrier_of(outgoing_document const& document, dispatcher const& from) {
  auto const first = from.book().for_sending(document.party_id, edelivery::certificate_update_service, document.action);
  if (!first || document.agreement.empty()) return first;
  for (auto const& mode : from.book().all()) {
    bool const carries =
        mode.way != edelivery::direction::receive && mode.partner.id == document.party_id &&
        mode.service == edelivery::certificate_update_service &&
        (mode.actions.empty() || std::ranges::find(mode.actions, document.action) != mode.actions.end());
    if (carries && agreement_of(mode, from.time().now()).value == document.agreement) return &mode;
  }
  return first;
}

}  // namespace

// Numbered apart from the tables of the node's own messages.
store::migration certificate_update_tables() {
  return {
      "exchange_certificate_update", 1,
      "CREATE TABLE exchange_certificate_update (number INTEGER PRIMARY KEY, incoming INTEGER NOT NULL, "
      "party_id TEXT NOT NULL, nation_id TEXT NOT NULL, message_id TEXT NOT NULL, conversation_id TEXT NOT NULL, "
      "update_id TEXT NOT NULL, document TEXT NOT NULL, signer TEXT NOT NULL, status TEXT NOT NULL, "
      "at INTEGER NOT NULL, decided_at INTEGER, decided_by TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL) "
      "STRICT;"
      "CREATE UNIQUE INDEX exchange_certificate_update_id ON exchange_certificate_update (incoming, party_id, "
      "update_id)"};
}

std::int64_t add_update(store::transaction& tx, update_row const& row) {
  auto const number = tx.next_number("exchange_certificate_update");
  tx.run(
      "INSERT INTO exchange_certificate_update (number, incoming, party_id, nation_id, message_id, conversation_id, "
      "update_id, document, signer, status, at, decided_at, decided_by, code, reason) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      number, row.is_incoming, row.party_id, row.nation_id, row.message_id, row.conversation_id, row.update_id,
      row.document, row.signer, row.status, row.at, row.decided_at, row.decided_by, row.code, row.reason);
  return number;
}

void change_update(store::transaction& tx, update_row const& row) {
  tx.run(
      "UPDATE exchange_certificate_update SET status = ?, decided_at = ?, decided_by = ?, code = ?, reason = ? "
      "WHERE number = ?",
      row.status, row.decided_at, row.decided_by, row.code, row.reason, row.number);
}

std::optional<update_row> find_update(store::reading& now, std::int64_t number) {
  auto const found = now.first(
      "SELECT number, incoming, party_id, nation_id, message_id, conversation_id, update_id, document, signer, status, "
      "at, decided_at, decided_by, code, reason FROM exchange_certificate_update WHERE number = ?",
      number);
  return found ? std::optional(row_of(*found)) : std::nullopt;
}

std::optional<update_row> find_update(store::reading& now, bool is_incoming, std::string_view party_id,
                                      std::string_view update_id) {
  auto const found = now.first(
      "SELECT number, incoming, party_id, nation_id, message_id, conversation_id, update_id, document, signer, status, "
      "at, decided_at, decided_by, code, reason FROM exchange_certificate_update "
      "WHERE incoming = ? AND party_id = ? AND update_id = ?",
      is_incoming, party_id, update_id);
  return found ? std::optional(row_of(*found)) : std::nullopt;
}

std::vector<update_row> list_updates(store::reading& now, std::string_view status, std::size_t count) {
  std::vector<update_row> all;
  now.each(
      "SELECT number, incoming, party_id, nation_id, message_id, conversation_id, update_id, document, signer, status, "
      "at, decided_at, decided_by, code, reason FROM exchange_certificate_update WHERE ?1 = '' OR status = ?1 "
      "ORDER BY status = 'pending' DESC, number DESC LIMIT ?2",
      [&](store::row const& one) { all.push_back(row_of(one)); }, status, static_cast<std::int64_t>(count));
  return all;
}

std::size_t count_waiting(store::reading& now, std::string_view party_id) {
  auto const found = now.first(
      "SELECT count(*) FROM exchange_certificate_update WHERE incoming = 1 AND status = 'pending' AND party_id = ?",
      party_id);
  return static_cast<std::size_t>(found->integer(0));
}

std::string in_words(std::vector<edelivery::update_error> const& errors) {
  if (errors.empty()) return {};
  auto const& first = errors.front();
  auto text = first.description.empty() ? first.short_description : first.description;
  if (errors.size() > 1) text += " (and " + std::to_string(errors.size() - 1) + " more)";
  return text;
}

problem update_problem(std::string_view what, std::string detail, std::string where, std::string mend) {
  return {"exchange.update." + std::string(what), std::move(detail), std::move(where), std::move(mend)};
}

edelivery::agreement_update_request request_in(update_row const& row) {
  return std::get<edelivery::agreement_update_request>(edelivery::read_agreement_update(row.document).value());
}

result<std::string> post_document(store::transaction& tx, dispatcher const& from, outgoing_document const& document) {
  auto const nation = from.nation_of(document.party_id);
  if (nation.empty())
    return problem{"exchange.partner.unknown", "No nation stands for the access point '" + document.party_id + "'.", "",
                   "Add it to the partners of this node."};
  auto const mode = carrier_of(document, from);
  if (!mode) return mode.error();
  auto const payload = from.database().payloads().prepare(document.xml);
  if (!payload) return payload.error();
  store::payload_store::put(tx, *payload);
  ledger_row entry;
  entry.message_id = edelivery::new_message_id(from.us());
  entry.original_message_id = document.original_message_id;
  entry.conversation_id = document.conversation_id.empty() ? random_uuid() : document.conversation_id;
  entry.service = edelivery::certificate_update_service;
  entry.action = document.action;
  entry.nation_id = nation;
  entry.party_id = document.party_id;
  entry.subject = document.subject;
  entry.at = from.time().now();
  entry.envelope = payload->id;
  entry.content_sha256 = payload->sha256_hex;
  auto const seq = add_to_ledger(tx, entry);
  add_to_outbox(tx, {seq, document.party_id, document.subject, edelivery::enqueue(entry.message_id, **mode, entry.at),
                     from.waits_here(**mode)});
  return entry.message_id;
}

}  // namespace ehds::node::exchange
