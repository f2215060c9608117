#include "node/exchange/notice_worker.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "edelivery/backend/backend_notice.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/notice_progress.hpp"
#include "node/exchange/plugin_line.hpp"
#include "node/exchange/set_aside.hpp"
#include "node/exchange/time_for_bytes.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace plugin = edelivery::backend;

namespace {

constexpr std::chrono::minutes longest_pause{15};

// Doubles from two seconds on.
std::chrono::milliseconds pause_after(std::int64_t attempts) {
  auto const doubled = std::chrono::seconds{std::int64_t{1} << std::clamp<std::int64_t>(attempts, 1, 10)};
  return std::min<std::chrono::milliseconds>(doubled, longest_pause);
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

// What is to be said next, and how far the back end was told before it.
struct notice_worker::turn {
  notice_progress told;
  bool has_passed = false;             // events of which nothing is to be said any more
  std::optional<box_event> event;      // empty: nothing is left, or nothing is due
  std::vector<domibus_push> left;      // of the event, for domibus
  std::optional<box_message> message;  // that is pushed whole: the event's, or one that was set aside
  result<std::unique_ptr<byte_source>> whole = std::unique_ptr<byte_source>();  // its bytes
  bool is_again = false;  // it was set aside, and somebody asked for it

  // Who never takes it holds up what is behind it: a message pushed whole is kept, word of a refused one is no loss.
  bool may_be_passed() const { return message || (event && event->kind == to_text(event_kind::refused)); }
};

// How it went.
struct notice_worker::heard {
  std::string why;          // empty: it was taken
  bool is_refused = false;  // this message, whenever it comes: other answers say that nothing is wanted now, or from us

  // What is behind it goes first from now on.
  bool gives_up(turn const& next) const {
    return is_refused && next.may_be_passed() && (next.is_again || next.told.refusals + 1 >= most_refusals);
  }
};

std::string signature_of(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "sha256=" + to_hex(hmac_sha256(secret, std::string(timestamp) + "." + std::string(body)));
}

bool notice_worker::lives_on_messages() const {
  return to_.speech == webhook_speech::domibus &&
         std::ranges::find(to_.pushes, domibus_push::message) != to_.pushes.end();
}

notice_worker::turn notice_worker::find_turn(store::reading& now, instant at) const {
  constexpr std::size_t most = 64;
  turn next;
  next.told = find_progress(now, to_.back_end);
  std::optional<box_message> message;
  auto const is_over = [&](box_event const& event) {
    if (to_.speech == webhook_speech::events) return false;
    next.left = pushes_of(event.kind, to_.pushes);
    std::erase_if(next.left, [&](domibus_push push) { return next.told.has_said(push); });
    if (next.left.empty() || next.left.front() != domibus_push::message) return next.left.empty();
    // Somebody may have fetched it meanwhile; what comes after it does not inherit its pause.
    message = message_to_push(now, event);
    if (message) return false;
    next.left.erase(next.left.begin());
    next.told.say(domibus_push::message);
    return next.left.empty();
  };
  for (auto& event : events_after(now, {.back_end = to_.back_end, .after = next.told.told, .count = most})) {
    if (is_over(event)) {
      next.told.pass(event.id);
      next.has_passed = true;
      continue;
    }
    // What is due later than the longest pause from now was put off by a clock that has been set back since.
    if (next.told.due > at && next.told.due <= at + longest_pause) break;
    next.event = std::move(event);
    next.message = std::move(message);
    break;
  }
  if (!next.event && !next.has_passed && lives_on_messages()) {
    next.message = to_push_again(now, to_.back_end, at);
    next.is_again = next.message.has_value();
  }
  if (next.message) next.whole = open_pushed(now, db_.payloads(), *next.message);
  return next;
}

void notice_worker::write_signed(box_event const& event, http_call_request& into) const {
  into.body = write_event(event);
  auto const at = to_rfc3339(clock_.now());
  into.headers = {{"Content-Type", "application/json"},
                  {"X-EHDS-Event-Id", std::to_string(event.id)},
                  {"X-EHDS-Timestamp", at},
                  {"X-EHDS-Signature", signature_of(to_.secret, at, into.body)}};
}

void notice_worker::write_as_domibus(turn const& next, http_call_request& into) const {
  if (next.message) {
    byte_source const& soap = **next.whole;
    into.stream = streamed(soap);
    into.timeout += time_for_bytes(soap.size());
  } else {
    into.body = write_push(next.left.front(), *next.event);
  }
  into.headers = {{"Content-Type", "application/soap+xml; charset=utf-8"}};
  if (!to_.user.empty()) into.headers.push_back({"Authorization", "Basic " + to_base64(to_.user + ":" + to_.secret)});
}

notice_worker::heard notice_worker::hear(http_call_response const& answer) const {
  bool const is_good = answer.status >= 200 && answer.status < 300;
  auto const status = "it answered with HTTP status " + std::to_string(answer.status);
  constexpr std::array<int, 4> about_the_message{400, 413, 415, 422};
  if (std::ranges::find(about_the_message, answer.status) != about_the_message.end()) return {status, true};
  if (to_.speech == webhook_speech::events) return is_good ? heard{} : heard{status};
  if (!is_good && answer.status != 500) return {status};
  auto const taken = read_taken(answer);
  bool const is_fault = !taken && taken.error().code == "edelivery.backend.fault";
  if (taken) return is_good ? heard{} : heard{status};
  if (is_fault) return {taken.error().detail, true};
  return {is_good ? taken.error().detail : status};
}

notice_worker::heard notice_worker::tell(turn const& next) {
  if (!next.whole) return {next.whole.error().detail, true};
  http_call_request request;
  request.method = "POST";
  request.url = to_.url;
  request.timeout = std::chrono::seconds{20};
  if (to_.speech == webhook_speech::domibus)
    write_as_domibus(next, request);
  else
    write_signed(*next.event, request);
  bool is_unreadable = false;  // which shows at the last byte of a part that the disk changed
  if (request.stream)
    request.stream->next = [look = std::move(request.stream->next), &is_unreadable] {
      auto piece = look();
      is_unreadable = is_unreadable || !piece;
      return piece;
    };
  auto const answer = wire_.call(request);
  return answer ? hear(*answer) : heard{answer.error().detail, is_unreadable};
}

// What a message that was set aside met changes nothing for those that are told in their order.
notice_progress notice_worker::after(turn const& next, heard const& said) const {
  auto progress = next.told;
  if (next.is_again) return progress;
  if (!said.why.empty() && !said.gives_up(next)) {
    progress.reason = said.why;
    progress.refusals += said.is_refused && next.may_be_passed() ? 1 : 0;
    ++progress.attempts;
    progress.due = clock_.now() + pause_after(progress.attempts);
    return progress;
  }
  if (next.left.size() > 1)
    progress.say(next.left.front());
  else
    progress.pass(next.event->id);
  return progress;
}

// The kinds of events that it is told of; empty: all.
std::vector<std::string> notice_worker::kinds() const {
  std::vector<std::string> all;
  if (to_.speech == webhook_speech::events) return all;
  for (auto const kind : {event_kind::arrived, event_kind::refused, event_kind::delivered, event_kind::failed})
    if (!pushes_of(to_text(kind), to_.pushes).empty()) all.emplace_back(to_text(kind));
  return all;
}

// True when the message is set aside by it.
bool notice_worker::keep(store::transaction& tx, turn const& next, heard const& said,
                         notice_progress const& progress) const {
  auto const now = clock_.now();
  if (next.message && said.why.empty()) mark_processed(tx, *next.message, "webhook:" + to_.back_end, now);
  if (next.is_again && !said.why.empty()) put_off(tx, *next.message, now);
  if (!next.is_again) keep_progress(tx, to_.back_end, progress, kinds());
  if (!lives_on_messages()) forget_set_aside(tx, to_.back_end);
  return said.gives_up(next) && next.message && set_aside(tx, *next.message);
}

std::optional<notice_news> notice_worker::news_of(turn const& next, heard const& said, notice_progress const& progress,
                                                  bool is_aside) const {
  if (!next.event && !next.message) return std::nullopt;
  auto const& before = next.told;
  notice_news news{.message_id = next.message ? next.message->entry.message_id : next.event->message_id,
                   .why = said.why,
                   .attempts = next.is_again ? 1 : before.attempts + 1,
                   .refusals = next.is_again ? 1 : before.refusals + (said.is_refused && next.may_be_passed() ? 1 : 0),
                   .next_try = progress.due};
  using enum notice_news::kind;
  if (said.why.empty()) {
    news.what = taken_after_all;
    return next.is_again || before.attempts > 0 ? std::optional(std::move(news)) : std::nullopt;
  }
  bool const is_untold = said.gives_up(next) && !next.message;
  if (is_untold)
    news.what = left_untold;
  else
    news.what = is_aside ? set_aside : refused;
  // Of one that somebody asked for again the ledger of what is set aside tells: it is tried each minute.
  bool const is_news = is_aside || is_untold ||
                       (!next.is_again && !said.gives_up(next) && (before.attempts == 0 || before.reason != said.why));
  return is_news ? std::optional(std::move(news)) : std::nullopt;
}

bool notice_worker::run_once() {
  auto const next = db_.read([&](store::reading& reading) { return find_turn(reading, clock_.now()); });
  if (!next.event && !next.message && !next.has_passed) return false;
  heard said;
  auto progress = next.told;
  if (next.event || next.message) {
    said = tell(next);
    store::fail_point("exchange.noticed");
    progress = after(next, said);
  }
  bool is_aside = false;
  auto const kept = db_.commit([&](store::transaction& tx) -> result<void> {
    is_aside = keep(tx, next, said, progress);
    return {};
  });
  if (!kept) return false;
  if (auto const news = to_.tell ? news_of(next, said, progress, is_aside) : std::nullopt) to_.tell(*news);
  return said.why.empty() || said.gives_up(next);
}

}  // namespace ehds::node::exchange
