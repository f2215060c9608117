#include "node/exchange/notice_worker.hpp"

#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "edelivery/backend/backend_notice.hpp"
#include "node/exchange/plugin_line.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace plugin = edelivery::backend;

namespace {

// Doubles from two seconds to a quarter of an hour.
std::chrono::milliseconds pause_after(std::int64_t attempts) {
  auto const doubled = std::chrono::seconds{std::int64_t{1} << std::clamp<std::int64_t>(attempts, 1, 10)};
  return std::min<std::chrono::milliseconds>(doubled, std::chrono::minutes{15});
}

// A SOAP fault may come with any status. Some stacks answer a call without an answer by no body at all.
result<void> read_taken(http_call_response const& answer) {
  if (answer.body.empty()) return {};
  memory_source const body(answer.body);
  auto const layout = lay_out_plugin(answer.header("Content-Type"), body);
  if (!layout) return layout.error();
  auto const envelope = edelivery::content_of(body, layout->root);
  if (!envelope) return envelope.error();
  string_sink text;
  auto const held = each_piece(**envelope, [&](auto piece) { return text.add(piece); });
  return held ? plugin::read_notice_answer(text.text) : held;
}

}  // namespace

struct notice_worker::progress {
  std::int64_t told = 0;  // id of the last event that was taken
  std::int64_t attempts = 0;
  instant due{};
};

notice_worker::progress notice_worker::state(store::reading& now) const {
  auto const row = now.first("SELECT told, attempts, due FROM exchange_notice WHERE back_end = ?", to_.back_end);
  return row ? progress{row->integer(0), row->integer(1), row->time(2)} : progress{};
}

std::optional<std::string> refused_notice(store::reading& now, std::string_view back_end) {
  auto const row = now.first("SELECT reason FROM exchange_notice WHERE back_end = ? AND attempts > 0", back_end);
  return row ? std::optional(row->text(0)) : std::nullopt;
}

std::vector<std::string> untold_messages(store::reading& now, std::string_view back_end, std::size_t most) {
  std::vector<std::string> ids;
  auto const row = now.first("SELECT told FROM exchange_notice WHERE back_end = ? AND attempts > 0", back_end);
  if (!row) return ids;
  std::set<std::string> seen;
  for (auto const& event :
       events_after(now, {.back_end = std::string(back_end), .after = row->integer(0), .count = most}))
    if (seen.insert(event.message_id).second) ids.push_back(event.message_id);
  return ids;
}

void tell_again(store::transaction& tx, std::string_view back_end, instant now) {
  tx.run("UPDATE exchange_notice SET due = ? WHERE back_end = ? AND attempts > 0", now, back_end);
}

std::string signature_of(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "sha256=" + to_hex(hmac_sha256(secret, std::string(timestamp) + "." + std::string(body)));
}

void notice_worker::write_signed(box_event const& event, http_call_request& into) const {
  into.body = write_event(event);
  auto const at = to_rfc3339(clock_.now());
  into.headers = {{"Content-Type", "application/json"},
                  {"X-EHDS-Event-Id", std::to_string(event.id)},
                  {"X-EHDS-Timestamp", at},
                  {"X-EHDS-Signature", signature_of(to_.secret, at, into.body)}};
}

void notice_worker::write_as_domibus(box_event const& event, http_call_request& into) const {
  using enum plugin::notice_word;
  auto const word = event.kind == "message.arrived"     ? receive_success
                    : event.kind == "message.delivered" ? send_success
                                                        : send_failure;
  into.body = plugin::write_notice(word, event.message_id);
  into.headers = {{"Content-Type", "application/soap+xml; charset=utf-8"}};
  if (!to_.user.empty()) into.headers.push_back({"Authorization", "Basic " + to_base64(to_.user + ":" + to_.secret)});
}

// Empty when it was taken, else why not.
std::string notice_worker::tell(box_event const& event) {
  bool const is_domibus = to_.speech == webhook_speech::domibus;
  http_call_request request;
  request.method = "POST";
  request.url = to_.url;
  request.timeout = std::chrono::seconds{20};
  if (is_domibus)
    write_as_domibus(event, request);
  else
    write_signed(event, request);
  auto const answer = wire_.call(request);
  if (!answer) return answer.error().detail;
  if (answer->status < 200 || answer->status >= 300)
    return "it answered with HTTP status " + std::to_string(answer->status);
  if (!is_domibus) return {};
  auto const taken = read_taken(*answer);
  return taken ? std::string() : taken.error().detail;
}

bool notice_worker::run_once() {
  auto const now = clock_.now();
  progress before;
  auto const next = db_.read([&](store::reading& reading) {
    before = state(reading);
    // What is due later than the longest pause from now was put off by a clock that has been set back since.
    if (before.due > now && before.due <= now + std::chrono::minutes{15}) return std::vector<box_event>{};
    return events_after(reading, {.back_end = to_.back_end, .after = before.told, .count = 1});
  });
  if (next.empty()) return false;
  auto const why = tell(next.front());
  store::fail_point("exchange.noticed");
  auto after = before;
  if (why.empty()) {
    after = {next.front().id, 0, now};
  } else {
    ++after.attempts;
    after.due = clock_.now() + pause_after(after.attempts);
    if (after.attempts == 1 && to_.on_refused) to_.on_refused(why);
  }
  auto const kept = db_.commit([&](store::transaction& tx) -> result<void> {
    tx.run(
        "INSERT INTO exchange_notice (back_end, told, attempts, due, reason) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (back_end) DO UPDATE SET told = ?2, attempts = ?3, due = ?4, reason = ?5",
        to_.back_end, after.told, after.attempts, after.due, why);
    return {};
  });
  return kept && why.empty();
}

}  // namespace ehds::node::exchange
