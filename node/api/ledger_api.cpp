// What was said to whom, and what was done: the ledger of messages and the audit log, for operators and auditors.
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/numbers.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/message_story.hpp"
#include "node/api/query_words.hpp"
#include "node/api/send_again.hpp"
#include "node/api/surfaces.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/ledger.hpp"

namespace ehds::node::api {
namespace {

using identity::role;
using nlohmann::json;

json ledger_json(exchange::ledger_entry const& e) {
  return {{"seq", e.seq},
          {"direction", e.direction},
          {"message_id", e.message_id},
          {"original_message_id", e.original_message_id},
          {"conversation_id", e.conversation_id},
          {"service", e.service},
          {"action", e.action},
          {"nation_id", e.nation_id},
          {"access_point_id", e.party_id},
          {"subject", e.subject},
          {"at", to_rfc3339(e.at)},
          {"status", e.status},
          {"attempts", e.attempts},
          {"code", e.code},
          {"reason", e.reason},
          {"due", e.due ? json(to_rfc3339(*e.due)) : json(nullptr)},
          {"settled_at", e.settled_at ? json(to_rfc3339(*e.settled_at)) : json(nullptr)},
          {"content_sha256", e.content_sha256},
          {"raw_sha256", e.raw_sha256},
          {"has_receipt", e.has_receipt}};
}

json or_null(std::string const& text) { return text.empty() ? json(nullptr) : json(text); }

json story_json(std::vector<story_line> const& story) {
  json lines = json::array();
  for (auto const& one : story) {
    json line{{"at", to_rfc3339(one.at)}, {"event", or_null(one.event)}, {"country", or_null(one.country)}};
    line["message_id"] = one.message ? json(one.message->message_id) : json(nullptr);
    line["direction"] = one.message ? json(one.message->direction) : json(nullptr);
    line["action"] = one.message ? json(one.message->action) : json(nullptr);
    line["status"] = one.message ? json(one.message->status) : json(nullptr);
    lines.push_back(std::move(line));
  }
  return lines;
}

// One message: also how each attempt to send it ended, what it was about, and what else happened to that.
json with_history(rooms& house, exchange::ledger_entry const& e) {
  auto entry = ledger_json(e);
  entry["history"] = json::array();
  for (auto const& one : house.db->read([&](store::reading& now) { return exchange::attempts_of(now, e.seq); }))
    entry["history"].push_back(
        {{"attempt", one.attempt}, {"begun_at", to_rfc3339(one.begun_at)}, {"code", one.code}, {"reason", one.reason}});
  auto const about = subject_of(house, e);
  json cases = json::array();
  for (auto const& id : about.cases) cases.push_back({{"case_id", id}});
  entry["about"] = {
      {"cases", cases}, {"application_id", or_null(about.application)}, {"dataset", or_null(about.dataset)}};
  entry["timeline"] = story_json(story_of(house, e, about));
  return entry;
}

exchange::ledger_filter filter_in(http::request const& asked) {
  return {text_asked(asked, "direction"),      text_asked(asked, "nation_id"),
          text_asked(asked, "action"),         text_asked(asked, "subject"),
          text_asked(asked, "status"),         number_asked(asked, "before").value_or(0),
          count_asked(asked, "count", 50, 500)};
}

http::response list_entries(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  auto const filter = filter_in(asked);
  json all = json::array();
  for (auto const& entry : house.db->read([&](store::reading& now) { return exchange::list(now, filter); }))
    all.push_back(ledger_json(entry));
  return answer_json({{"entries", all}});
}

http::response show_entry(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::operator_, role::auditor}); !who) return refuse(who.error());
  json all = json::array();
  for (auto const& entry :
       house.db->read([&](store::reading& now) { return exchange::find_message(now, asked.parameter("message")); }))
    all.push_back(with_history(house, entry));
  if (all.empty())
    return refuse(problem{"exchange.ledger.unknown", "no message has this id", "/message",
                          "GET /api/ledger lists those that are kept"});
  return answer_json({{"entries", all}});
}

// ?of=raw|receipt: the bytes as they came or were signed, sent as they are read: a message may be larger than memory.
// Auditors only: they may hold personal data.
http::response bytes(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::auditor}); !who) return refuse(who.error());
  auto const seq = parse_number<std::int64_t>(asked.parameter("seq")).value_or(0);
  auto kept = house.db->read([&](store::reading& now) { return exchange::bytes_of(now, house.db->payloads(), seq); });
  if (!kept) return refuse(kept.error());
  bool const receipt = asked.query_value("of") == "receipt";
  if (!receipt && kept->is_forgotten)
    return refuse(problem{"exchange.ledger.gone", "The bytes of this message are deleted: its days are over.", "/seq",
                          "Its digest stays; set store.message_bytes_days to keep bytes longer."});
  auto answer = receipt     ? http::bytes(kept->receipt, kept->receipt_type)
                : kept->raw ? http::streamed(std::move(kept->raw), kept->raw_type)
                            : http::bytes({}, kept->raw_type);
  answer.headers.set("Content-Disposition", "attachment");
  return answer;
}

http::response requeue(rooms& house, http::request const& asked) {
  auto const who = admit(house, asked, {role::operator_});
  if (!who) return refuse(who.error());
  auto const done = send_again(house, asked.parameter("message"), who->id);
  return done ? http::no_content() : refuse(done.error());
}

http::response audit_list(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {role::auditor}); !who) return refuse(who.error());
  auto const count = count_asked(asked, "count", 100, 1000);
  auto const before = number_asked(asked, "before").value_or(0);
  json all = json::array();
  for (auto const& entry : house.db->read(
           [&](store::reading& now) { return audit::recent(now, count, before, text_asked(asked, "object")); }))
    all.push_back(json::parse(entry.leaf));
  return answer_json({{"entries", all}});
}

// Signed by the node in its own time: whoever asks costs it a read and no more.
http::response checkpoint(rooms& house) {
  auto const note = house.db->read([](store::reading& now) { return audit::newest_checkpoint(now); });
  if (note.empty()) return refuse(problem{"audit.checkpoint.unknown", "nothing was signed yet", {}, "ask again soon"});
  return http::bytes(note, "text/plain; charset=utf-8");
}

http::response verifier(rooms& house) {
  return http::bytes(audit::verifier_key(*house.audit_signer) + "\n", "text/plain; charset=utf-8");
}

}  // namespace

std::vector<http::route> ledger_routes(rooms& house) {
  return {{"GET", "/api/ledger", [&house](auto& asked) { return list_entries(house, asked); }},
          {"GET", "/api/ledger/{message}", [&house](auto& asked) { return show_entry(house, asked); }},
          {"GET", "/api/ledger-bytes/{seq}", [&house](auto& asked) { return bytes(house, asked); }},
          {"POST", "/api/ledger/{message}/requeue", [&house](auto& asked) { return requeue(house, asked); }},
          {"GET", "/api/audit", [&house](auto& asked) { return audit_list(house, asked); }},
          {"GET", "/audit/checkpoint", [&house](auto&) { return checkpoint(house); }},
          {"GET", "/audit/key", [&house](auto&) { return verifier(house); }}};
}

}  // namespace ehds::node::api
