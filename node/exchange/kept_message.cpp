#include "node/exchange/kept_message.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {
namespace {

using edelivery::message_property;
using nlohmann::json;

json written(std::vector<message_property> const& properties) {
  auto all = json::array();
  for (auto const& one : properties) all.push_back(json::array({one.name, one.value, one.type}));
  return all;
}

std::string text_at(json const& list, std::size_t place) { return list.at(place).get<std::string>(); }

std::vector<message_property> read_properties(json const& all) {
  std::vector<message_property> properties;
  for (auto const& one : all) properties.push_back({text_at(one, 0), text_at(one, 1), text_at(one, 2)});
  return properties;
}

json written(edelivery::message_party const& party) { return json::array({party.id, party.type, party.role}); }
edelivery::message_party read_party(json const& party) {
  return {text_at(party, 0), text_at(party, 1), text_at(party, 2)};
}

// Whatever a partner wrote into a header must not keep us from storing it.

// What the header is made of, apart from times, parties, properties and parts.
template <class Header>
auto texts_of(Header& header) {
  return std::array{std::pair("message_id", &header.message_id),
                    std::pair("ref_to_message_id", &header.ref_to_message_id),
                    std::pair("mpc", &header.mpc),
                    std::pair("agreement", &header.agreement),
                    std::pair("agreement_type", &header.agreement_type),
                    std::pair("service", &header.service),
                    std::pair("service_type", &header.service_type),
                    std::pair("action", &header.action),
                    std::pair("conversation_id", &header.conversation_id)};
}

std::vector<kept_part> parts_of(store::reading& now, std::int64_t seq) {
  std::vector<kept_part> parts;
  now.each(
      "SELECT content_id, mime_type, character_set, properties, payload, size, sha256 FROM exchange_part "
      "WHERE seq = ? ORDER BY place",
      [&](store::row const& one) {
        parts.push_back({one.text(0), one.text(1), one.text(2), read_properties(json::parse(one.text(3))), one.text(4),
                         static_cast<std::uint64_t>(one.integer(5)), one.text(6)});
      },
      seq);
  return parts;
}

}  // namespace

// Numbered apart from the tables of the node's own messages.
store::migration back_end_tables() {
  return {"exchange_back_end", 1,
          "CREATE TABLE exchange_back_end (seq INTEGER PRIMARY KEY, back_end TEXT NOT NULL, pmode_id TEXT NOT NULL, "
          "header TEXT NOT NULL, incoming INTEGER NOT NULL, processed_at INTEGER) STRICT;"
          "CREATE INDEX exchange_back_end_waiting ON exchange_back_end (seq) "
          "WHERE incoming = 1 AND processed_at IS NULL;"
          "CREATE TABLE exchange_part (seq INTEGER NOT NULL, place INTEGER NOT NULL, content_id TEXT NOT NULL, "
          "mime_type TEXT NOT NULL, character_set TEXT NOT NULL, properties TEXT NOT NULL, payload TEXT NOT NULL, "
          "size INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (seq, place)) STRICT, WITHOUT ROWID;"
          "CREATE TABLE exchange_submission (caller TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, "
          "message_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (caller, key)) STRICT, WITHOUT ROWID;"
          "CREATE TABLE exchange_event (id INTEGER PRIMARY KEY, back_end TEXT NOT NULL, kind TEXT NOT NULL, "
          "message_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
          "CREATE INDEX exchange_event_back_end ON exchange_event (back_end, id);"
          "CREATE TABLE exchange_notice (back_end TEXT PRIMARY KEY, told INTEGER NOT NULL, attempts INTEGER NOT NULL, "
          "due INTEGER NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID"};
}

store::migration held_parts_index() {
  return {"exchange_back_end", 2, "CREATE INDEX exchange_part_held ON exchange_part (seq) WHERE payload <> ''"};
}

std::string write_header(edelivery::user_message const& header) {
  json all{{"timestamp", header.timestamp.time_since_epoch().count()},
           {"from", written(header.from)},
           {"to", written(header.to)},
           {"properties", written(header.properties)}};
  for (auto const& [name, text] : texts_of(header)) all[name] = *text;
  return one_line(all);
}

edelivery::user_message read_header(std::string_view text) {
  auto const all = json::parse(text);
  edelivery::user_message header;
  header.timestamp = instant{instant::duration{all.at("timestamp").get<std::int64_t>()}};
  header.from = read_party(all.at("from"));
  header.to = read_party(all.at("to"));
  header.properties = read_properties(all.at("properties"));
  for (auto const& [name, into] : texts_of(header)) *into = all.at(name).template get<std::string>();
  return header;
}

void keep_message(store::transaction& tx, kept_message const& message) {
  tx.run("INSERT INTO exchange_back_end (seq, back_end, pmode_id, header, incoming) VALUES (?, ?, ?, ?, ?)",
         message.seq, message.back_end, message.pmode_id, write_header(message.header), message.is_incoming);
  std::int64_t place = 0;
  for (auto const& part : message.parts)
    tx.run(
        "INSERT INTO exchange_part (seq, place, content_id, mime_type, character_set, properties, payload, size, "
        "sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        message.seq, ++place, part.content_id, part.mime_type, part.character_set, one_line(written(part.properties)),
        part.payload, part.size, part.sha256_hex);
}

std::optional<kept_message> find_kept(store::reading& now, std::int64_t seq) {
  auto const found = now.first("SELECT back_end, pmode_id, incoming, header FROM exchange_back_end WHERE seq = ?", seq);
  if (!found) return std::nullopt;
  return kept_message{
      seq, found->truth(2), found->text(0), found->text(1), read_header(found->text(3)), parts_of(now, seq)};
}

std::string_view to_text(event_kind kind) {
  switch (kind) {
    case event_kind::arrived:
      return "message.arrived";
    case event_kind::refused:
      return "message.refused";
    case event_kind::delivered:
      return "message.delivered";
    case event_kind::failed:
      return "message.failed";
  }
  return {};
}

void note_event(store::transaction& tx, std::int64_t seq, std::string_view message_id, event_kind kind, instant at) {
  auto const whose = tx.first("SELECT back_end FROM exchange_back_end WHERE seq = ?", seq);
  if (!whose) return;
  tx.run("INSERT INTO exchange_event (id, back_end, kind, message_id, at, seq) VALUES (?, ?, ?, ?, ?, ?)",
         tx.next_number("exchange_event"), whose->text(0), to_text(kind), message_id, at, seq);
}

result<loaded_parts> load_parts(store::database const& db, store::reading& now, kept_message const& message) {
  loaded_parts loaded;
  loaded.properties = message.header.properties;
  for (auto const& part : message.parts) {
    edelivery::outgoing_payload payload{part.mime_type,  {},      part.character_set,
                                        part.properties, nullptr, part.content_id};
    if (part.size > store::payload_row_limit) {
      auto lying = db.payloads().open(now, part.payload);
      if (!lying) return std::move(lying).error();
      payload.source = loaded.sources.emplace_back(*std::move(lying)).get();
    } else {
      auto bytes = db.payloads().get(now, part.payload);
      if (!bytes) return std::move(bytes).error();
      payload.bytes = *std::move(bytes);
    }
    loaded.payloads.push_back(std::move(payload));
  }
  return loaded;
}

}  // namespace ehds::node::exchange
