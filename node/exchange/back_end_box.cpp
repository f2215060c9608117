#include "node/exchange/back_end_box.hpp"

#include <nlohmann/json.hpp>

#include "edelivery/ebms/error_codes.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/kept_message.hpp"

namespace ehds::node::exchange {
namespace {

box_message whole(store::reading& now, ledger_entry entry) {
  box_message found;
  if (auto kept = find_kept(now, entry.seq)) {
    found.back_end = std::move(kept->back_end);
    found.pmode_id = std::move(kept->pmode_id);
    found.header = std::move(kept->header);
    for (auto& part : kept->parts)
      found.parts.push_back({std::move(part.content_id), std::move(part.mime_type), std::move(part.character_set),
                             std::move(part.properties), part.size, std::move(part.sha256_hex)});
  }
  auto const state = now.first("SELECT processed_at FROM exchange_back_end WHERE seq = ?", entry.seq);
  if (state) found.processed_at = state->maybe_time(0);
  found.entry = std::move(entry);
  return found;
}

box_event event_of(store::row const& one) {
  return {one.integer(0), one.text(1), one.text(2), one.text(3), one.time(4), one.integer(5), one.text(6), one.text(7)};
}

}  // namespace

std::vector<box_message> waiting(store::reading& now, box_filter const& filter) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  std::size_t bytes = 0;
  now.each(
      "SELECT b.seq, message_id, length(header) + (SELECT coalesce(sum(length(properties)), 0) FROM exchange_part AS p "
      "WHERE p.seq = b.seq) FROM exchange_back_end AS b JOIN exchange_ledger AS l ON l.seq = b.seq "
      "WHERE incoming = 1 AND processed_at IS NULL AND b.seq > ?1 AND (?2 IS NULL OR back_end = ?2) "
      "ORDER BY b.seq LIMIT ?3",
      [&](store::row const& one) {
        bytes += static_cast<std::size_t>(one.integer(2));
        if (found.empty() || bytes <= filter.bytes) found.emplace_back(one.integer(0), one.text(1));
      },
      filter.after, filter.back_end, filter.count);
  std::vector<box_message> all;
  for (auto const& [seq, id] : found)
    for (auto& entry : find_message(now, id))
      if (entry.seq == seq) all.push_back(whole(now, std::move(entry)));
  return all;
}

std::optional<box_message> find_in_box(store::reading& now, std::string_view message_id, std::string_view back_end,
                                       way which) {
  auto const best = now.first(
      "SELECT b.seq FROM exchange_ledger AS l JOIN exchange_back_end AS b ON b.seq = l.seq "
      "WHERE message_id = ?1 AND back_end = ?2 AND ((incoming = 1 AND ?3) OR (incoming = 0 AND ?4)) "
      "ORDER BY incoming, processed_at IS NOT NULL, b.seq LIMIT 1",
      message_id, back_end, which != way::out, which != way::in);
  return best ? find_in_box(now, best->integer(0)) : std::nullopt;
}

std::optional<box_message> find_in_box(store::reading& now, std::int64_t seq) {
  auto const named = now.first("SELECT message_id FROM exchange_ledger WHERE seq = ?", seq);
  if (!named) return std::nullopt;
  for (auto& entry : find_message(now, named->text(0)))
    if (entry.seq == seq) return whole(now, std::move(entry));
  return std::nullopt;
}

result<std::unique_ptr<byte_source>> open_part(store::reading& now, store::payload_store const& payloads,
                                               box_message const& message, std::size_t number) {
  auto const found =
      now.first("SELECT payload FROM exchange_part WHERE seq = ? AND place = ?", message.entry.seq, number);
  if (!found)
    return problem{"exchange.part.unknown", "The message has no such part.", "/part",
                   "GET /api/messages/{message} lists its parts, from 1."};
  auto const payload = found->text(0);
  if (payload.empty())
    return problem{"exchange.part.gone", "The bytes of the part are deleted: its days are over.", "/part",
                   "Set store.message_bytes_days to keep bytes longer."};
  return payloads.open(now, payload);
}

std::optional<kept_receipt> receipt_of(store::reading& now, std::int64_t seq) {
  auto const found = now.first("SELECT receipt_type, receipt FROM exchange_ledger_bytes WHERE seq = ?", seq);
  auto const bytes = found ? found->maybe_text(1) : std::nullopt;
  if (!bytes || bytes->empty()) return std::nullopt;
  return kept_receipt{found->maybe_text(0).value_or(""), *bytes};
}

result<void> mark_processed(store::transaction& tx, std::string_view message_id, std::string_view back_end,
                            std::string_view actor, instant now) {
  auto const found = find_in_box(tx, message_id, back_end, way::in);
  if (!found)
    return problem{"exchange.message.unknown", "No message with this id came for this back end.", "/message",
                   "GET /api/messages lists those that wait."};
  mark_processed(tx, *found, actor, now);
  return {};
}

void mark_processed(store::transaction& tx, box_message const& message, std::string_view actor, instant now) {
  auto const changed = tx.run("UPDATE exchange_back_end SET processed_at = ? WHERE seq = ? AND processed_at IS NULL",
                              now, message.entry.seq);
  if (changed > 0) audit::append(tx, now, {std::string(actor), "message.processed", message.entry.message_id, "done"});
}

edelivery::user_message whole_header(box_message const& message) {
  auto header = message.header;
  for (auto const& part : message.parts) {
    edelivery::part_info info{part.content_id, {{"MimeType", part.mime_type, ""}}};
    if (!part.character_set.empty()) info.properties.push_back({"CharacterSet", part.character_set, ""});
    info.properties.insert(info.properties.end(), part.properties.begin(), part.properties.end());
    header.parts.push_back(std::move(info));
  }
  return header;
}

std::vector<box_event> events_after(store::reading& now, box_filter const& filter) {
  std::vector<box_event> all;
  now.each(
      "SELECT id, back_end, kind, message_id, at, seq, party, code FROM exchange_event WHERE id > ?1 "
      "AND (?2 IS NULL OR back_end = ?2) AND (?4 = '' OR instr(?4, kind) > 0) ORDER BY id LIMIT ?3",
      [&](store::row const& one) { all.push_back(event_of(one)); }, filter.after, filter.back_end, filter.count,
      filter.kinds);
  return all;
}

std::vector<box_event> refused_events(store::reading& now, std::string_view message_id, std::string_view back_end) {
  std::vector<box_event> all;
  now.each(
      "SELECT id, back_end, kind, message_id, at, seq, party, code FROM exchange_event "
      "WHERE kind = 'message.refused' AND message_id = ? AND back_end = ? ORDER BY id",
      [&](store::row const& one) { all.push_back(event_of(one)); }, message_id, back_end);
  return all;
}

std::string_view reason_of(box_event const& refused) {
  auto const* const known = edelivery::find_ebms_code(refused.code);
  return known == nullptr ? std::string_view() : known->told;
}

std::string write_event(box_event const& event) {
  nlohmann::ordered_json all{{"id", event.id},
                             {"event", event.kind},
                             {"back_end", event.back_end},
                             {"message_id", event.message_id},
                             {"at", to_rfc3339(event.at)}};
  if (event.kind == to_text(event_kind::refused)) {
    all["party"] = event.party;
    all["code"] = event.code;
    all["reason"] = reason_of(event);
  }
  return all.dump();
}

}  // namespace ehds::node::exchange
