// The message exchange for the country's own programs: hand a message over, see what became of it, take what came.
// Which messages these are, the configuration says in back_ends.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/payload_spool.hpp"
#include "node/api/query_words.hpp"
#include "node/api/submission_words.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/http/fields.hpp"

namespace ehds::node::api {
namespace {

using exchange::box_message;
using nlohmann::json;

problem no_such_message() {
  return {"exchange.message.unknown", "no message of this back end has this id", "/message",
          "GET /api/messages lists those that wait"};
}

json properties_json(std::vector<edelivery::message_property> const& properties) {
  auto all = json::array();
  for (auto const& one : properties)
    all.push_back(
        {{"name", one.name}, {"value", one.value}, {"type", one.type.empty() ? json(nullptr) : json(one.type)}});
  return all;
}

json party_json(edelivery::message_party const& party) {
  return {{"id", party.id}, {"type", party.type}, {"role", party.role}};
}

json time_or_null(std::optional<instant> const& at) { return at ? json(to_rfc3339(*at)) : json(nullptr); }

json parts_json(box_message const& message) {
  auto all = json::array();
  for (auto const& part : message.parts)
    all.push_back({{"number", all.size() + 1},
                   {"content_id", part.content_id},
                   {"mime_type", part.mime_type},
                   {"character_set", part.character_set},
                   {"properties", properties_json(part.properties)},
                   {"size", part.size},
                   {"sha256", part.sha256_hex}});
  return all;
}

std::string state_of_message(box_message const& message) {
  if (message.entry.direction == "out") return message.entry.status;
  return std::string(exchange::arrived_statuses.at(message.processed_at ? 1 : 0));
}

json message_json(box_message const& message) {
  auto const& e = message.entry;
  return {{"message_id", e.message_id},
          {"direction", e.direction},
          {"status", state_of_message(message)},
          {"back_end", message.back_end},
          {"pmode", message.pmode_id},
          {"from", party_json(message.header.from)},
          {"to", party_json(message.header.to)},
          {"service", e.service},
          {"action", e.action},
          {"conversation_id", e.conversation_id},
          {"ref_to_message_id", e.original_message_id},
          {"properties", properties_json(message.header.properties)},
          {"parts", parts_json(message)},
          {"number", e.seq},
          {"at", to_rfc3339(e.at)},
          {"processed_at", time_or_null(message.processed_at)},
          {"has_receipt", e.has_receipt}};
}

// Of an outgoing message: how its sending stands, and how each attempt ended.
void add_sending(json& into, rooms& house, exchange::ledger_entry const& e) {
  into["attempts"] = json::array();
  for (auto const& one : house.db->read([&](store::reading& now) { return exchange::attempts_of(now, e.seq); }))
    into["attempts"].push_back(
        {{"attempt", one.attempt}, {"begun_at", to_rfc3339(one.begun_at)}, {"code", one.code}, {"reason", one.reason}});
  into["code"] = e.code;
  into["reason"] = e.reason;
  into["due"] = time_or_null(e.due);
  into["settled_at"] = time_or_null(e.settled_at);
}

http::response submit_message(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return refuse(by.error());
  memory_source const held(asked.body);
  byte_source const& body = asked.spooled ? asked.spooled->source() : held;
  auto read = read_submitted(asked.header("Content-Type"), body);
  if (!read) return refuse(read.error());
  read->message.caller = by->who.id;
  read->message.back_end = by->back_end;
  read->message.idempotency_key = idempotency_key(asked);
  auto const taken = exchange::submit(*house.messages, read->message);
  if (!taken) return refuse(taken.error());
  house.nudge();
  auto answer = answer_json({{"message_id", taken->message_id}, {"conversation_id", taken->conversation_id}}, 201);
  answer.headers.set("Location", "/api/messages/" + http::percent_encode(taken->message_id));
  return answer;
}

// What comes after the number of that name.
exchange::box_filter filter_of(back_end_caller const& by, http::request const& asked, std::string_view after,
                               std::size_t most) {
  return {.back_end = by.back_end,
          .after = number_asked(asked, after).value_or(0),
          .count = count_asked(asked, "count", most, most)};
}

http::response list_messages(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return refuse(by.error());
  auto const filter = filter_of(*by, asked, "after", 100);
  auto all = json::array();
  for (auto const& one : house.db->read([&](store::reading& now) { return exchange::waiting(now, filter); }))
    all.push_back(message_json(one));
  return answer_json({{"messages", all}});
}

// The caller's message of the address. ?direction=in|out, where one came under the id of another that was sent.
result<box_message> find_message(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return by.error();
  auto const side = asked.query_value("direction");
  auto const which = side == "in" ? exchange::way::in : side == "out" ? exchange::way::out : exchange::way::either;
  auto found = house.db->read(
      [&](store::reading& now) { return exchange::find_in_box(now, asked.parameter("message"), by->back_end, which); });
  if (!found) return no_such_message();
  return *std::move(found);
}

http::response show_message(rooms& house, http::request const& asked) {
  auto const message = find_message(house, asked);
  if (!message) return refuse(message.error());
  auto body = message_json(*message);
  if (message->entry.direction == "out") add_sending(body, house, message->entry);
  return answer_json(body);
}

// The bytes go out as they are read: a part may be larger than memory.
http::response part(rooms& house, http::request const& asked) {
  auto const message = find_message(house, asked);
  if (!message) return refuse(message.error());
  auto const number = parse_number<std::size_t>(asked.parameter("part")).value_or(0);
  auto bytes = house.db->read(
      [&](store::reading& now) { return exchange::open_part(now, house.db->payloads(), *message, number); });
  if (!bytes) return refuse(bytes.error());
  auto const& told = message->parts.at(number - 1);
  auto answer = http::streamed(*std::move(bytes), told.mime_type);
  answer.headers.set("Content-Disposition", "attachment");
  answer.headers.set("ETag", "\"" + told.sha256_hex + "\"");
  return answer;
}

http::response receipt(rooms& house, http::request const& asked) {
  auto const message = find_message(house, asked);
  if (!message) return refuse(message.error());
  auto const kept = house.db->read([&](store::reading& now) { return exchange::receipt_of(now, message->entry.seq); });
  if (!kept)
    return refuse(problem{"exchange.receipt.unknown", "there is no receipt yet", "/message", "ask again later"});
  auto answer = http::bytes(kept->bytes, kept->content_type);
  answer.headers.set("Content-Disposition", "attachment");
  return answer;
}

http::response processed(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return refuse(by.error());
  auto const done = house.db->commit([&](store::transaction& tx) {
    return exchange::mark_processed(tx, asked.parameter("message"), by->back_end, by->who.id, house.wall->now());
  });
  return done ? http::no_content() : refuse(done.error());
}

// Server-sent events: what happened after Last-Event-ID, then the stream ends and the client comes again, as
// EventSource does by itself. No connection is held, no event is lost: they are numbered rows of the store.
http::response events(rooms& house, http::request const& asked) {
  auto const by = admit_back_end(house, asked);
  if (!by) return refuse(by.error());
  auto filter = filter_of(*by, asked, "last_event_id", 500);
  if (auto const last = parse_number<std::int64_t>(asked.header("Last-Event-ID")))
    filter.after = std::max<std::int64_t>(*last, 0);
  std::string body = "retry: 2000\n\n";
  for (auto const& one : house.db->read([&](store::reading& now) { return exchange::events_after(now, filter); }))
    body += "id: " + std::to_string(one.id) + "\nevent: " + one.kind + "\ndata: " + exchange::write_event(one) + "\n\n";
  return http::bytes(std::move(body), "text/event-stream");
}

}  // namespace

std::vector<http::route> back_end_routes(rooms& house) {
  return {{"POST", "/api/messages", [&house](auto& asked) { return submit_message(house, asked); }, house.message_bytes,
           [&house] { return spool(house); }},
          {"GET", "/api/messages", [&house](auto& asked) { return list_messages(house, asked); }},
          {"GET", "/api/messages/events", [&house](auto& asked) { return events(house, asked); }},
          {"GET", "/api/messages/{message}", [&house](auto& asked) { return show_message(house, asked); }},
          {"GET", "/api/messages/{message}/parts/{part}", [&house](auto& asked) { return part(house, asked); }},
          {"GET", "/api/messages/{message}/receipt", [&house](auto& asked) { return receipt(house, asked); }},
          {"POST", "/api/messages/{message}/processed", [&house](auto& asked) { return processed(house, asked); }}};
}

}  // namespace ehds::node::api
