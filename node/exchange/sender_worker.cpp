#include "node/exchange/sender_worker.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "edelivery/libraries/libraries.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/sealed_stream.hpp"
#include "edelivery/sender/outbound.hpp"
#include "node/exchange/compose.hpp"
#include "node/exchange/discovered_partners.hpp"
#include "node/exchange/due_message.hpp"
#include "node/exchange/test_message.hpp"
#include "node/exchange/time_for_bytes.hpp"
#include "node/exchange/vouched_intake.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

using edelivery::outbound;

namespace {

ledger_row ledger_row_of(store::row const& one) {
  ledger_row entry;
  entry.service = one.text(0);
  entry.action = one.text(1);
  entry.nation_id = one.text(2);
  entry.original_message_id = one.text(3);
  entry.conversation_id = one.text(4);
  entry.envelope = one.maybe_text(5).value_or("");
  entry.attachments = one.maybe_text(6).value_or("");
  entry.raw = one.maybe_text(7).value_or("");
  entry.raw_type = one.text(8);
  return entry;
}

}  // namespace

outbound given_up(outbound row, problem const& why) {
  row.status = edelivery::outbound_status::failed;
  row.code = "EBMS:0004";
  row.reason = "this node could not send it: " + why.detail;
  return row;
}

bool may_wait(problem const& why) {
  return why.code == "edelivery.encrypt.expired" || why.code == "edelivery.encrypt.revoked" ||
         why.code == "edelivery.encrypt.revocation_unknown";
}

sender_worker::sender_worker(dispatcher& from, http_call& wire, std::function<double()> random01,
                             sender_settings settings)
    : dispatcher_(from), wire_(wire), random01_(std::move(random01)), settings_(settings), slots_(settings.slots) {}

std::size_t sender_worker::run_once(instant now) {
  auto const parties =
      dispatcher_.database().read([&](store::reading& state) { return parties_due(state, now, longest_wait()); });
  std::size_t sent = 0;
  for (auto const& party : parties) sent += run_for(party, now);
  return sent;
}

std::size_t sender_worker::run_for(std::string_view party_id, instant now) {
  std::size_t sent = 0;
  for (std::size_t turn = 0; turn < settings_.messages_a_round; ++turn) {
    auto const what = try_next(party_id, now);
    if (what == tried::nothing_due || what == tried::stopped) break;
    if (what == tried::sent) ++sent;
  }
  return sent;
}

bool sender_worker::run_next(instant now) {
  auto const parties =
      dispatcher_.database().read([&](store::reading& state) { return parties_due(state, now, longest_wait()); });
  auto const first = turn_++;
  for (std::size_t n = 0; n < parties.size(); ++n) {
    auto const what = try_next(parties[(first + n) % parties.size()], now);
    if (what == tried::sent || what == tried::taken) return true;
  }
  return false;
}

std::size_t sender_worker::threads_wanted() const {
  return dispatcher_.settings().partners.size() + static_cast<std::size_t>(std::max(0, settings_.slots.shared_calls));
}

sender_worker::tried sender_worker::try_next(std::string_view party_id, instant now) {
  auto const slot = slots_.take(party_id, now);
  if (!slot) return tried::nothing_due;
  auto const row = dispatcher_.database().read(
      [&](store::reading& state) { return next_due_for(state, party_id, now, longest_wait()); });
  if (!row) return tried::nothing_due;
  auto message = load(*row);
  return attempt(message, now);
}

bool sender_worker::run_message(std::string_view message_id, instant now) {
  auto const row =
      dispatcher_.database().read([&](store::reading& state) { return find_in_outbox(state, message_id); });
  if (!row || next_action(row->sending, now).what != edelivery::send_action::kind::send) return false;
  auto const slot = slots_.take(row->party_id, now);
  if (!slot) return false;
  auto message = load(*row);
  return attempt(message, now) == tried::sent;
}

sender_worker::due_message sender_worker::load(outbox_row const& row) const {
  due_message message;
  message.row = row;
  auto const& db = dispatcher_.database();
  db.read([&](store::reading& state) {
    auto const found = state.first(
        "SELECT service, action, nation_id, original_message_id, conversation_id, envelope, attachments, raw, raw_type "
        "FROM exchange_ledger WHERE seq = ?",
        row.seq);
    message.entry = ledger_row_of(found.value());
    auto const fetch = [&](std::string const& id, std::string& into, std::shared_ptr<byte_source const>* or_as_source) {
      if (id.empty()) return;
      auto lying = db.payloads().open(state, id);
      if (!lying) {
        message.trouble = std::move(lying).error();
        return;
      }
      if (or_as_source != nullptr && (*lying)->size() > store::payload_row_limit) {
        *or_as_source = *std::move(lying);
        return;
      }
      auto bytes = db.payloads().get(state, id);
      if (bytes)
        into = *std::move(bytes);
      else
        message.trouble = std::move(bytes).error();
    };
    // Another access point signs for itself.
    if (!message.entry.raw.empty() && line_ == nullptr) {
      fetch(message.entry.raw, message.packed.body, &message.stored);
    } else {
      fetch(message.entry.envelope, message.envelope, nullptr);
      fetch(message.entry.attachments, message.attachments, &message.large_attachments);
      if (auto const kept = find_kept(state, row.seq)) {
        if (auto loaded = load_parts(db, state, *kept))
          message.parts = *std::move(loaded);
        else
          message.trouble = std::move(loaded).error();
      }
    }
    for (auto const& one : signed_before(state, row.seq))
      if (auto bytes = db.payloads().open(state, one.raw))
        if (auto outline = edelivery::outline_of(row.sending.message_id, one.raw_type, **bytes))
          if (auto names = edelivery::judged_with_memory([&] { return edelivery::references_of(outline->soap); }))
            message.earlier.push_back(*std::move(names));
  });
  message.packed.content_type = message.entry.raw_type;
  if (message.stored) {
    message.stored_type = message.entry.raw_type;
    auto outline = edelivery::outline_of(row.sending.message_id, message.stored_type, *message.stored);
    if (outline)
      message.packed = std::move(outline->soap);
    else
      message.trouble = std::move(outline).error();
  }
  message.packed.message_id = row.sending.message_id;
  message.packed.conversation_id = message.entry.conversation_id;
  return message;
}

// Packs and signs into a file, which the effect that claims the message will name.
result<void> sender_worker::sign_large(due_message& message, edelivery::outgoing_message const& composed,
                                       edelivery::pmode const& mode, instant now,
                                       std::optional<store::prepared_payload>& made) const {
  auto growing = dispatcher_.database().payloads().begin();
  if (!growing) return std::move(growing).error();
  auto outline = edelivery::pack_into(**growing, composed, mode, dispatcher_.us(), now);
  if (!outline) return std::move(outline).error();
  auto ready = (*growing)->finish();
  if (!ready) return std::move(ready).error();
  made = *std::move(ready);
  message.packed = std::move(outline->soap);
  message.stored_type = std::move(outline->content_type);
  message.growing = *std::move(growing);
  return {};
}

// Signs a message the first time it is sent; the signed bytes stay the same for every attempt.
result<void> sender_worker::sign_once(due_message& message, edelivery::pmode const& mode, instant now,
                                      std::optional<store::prepared_payload>& made) const {
  if (!message.trouble.code.empty()) return message.trouble;
  if (!message.packed.body.empty()) return {};
  auto const composed =
      message.parts ? compose(message.row, message.entry, *message.parts)
                    : compose(message.row, message.entry, std::move(message.envelope), std::move(message.attachments),
                              message.large_attachments.get(), mode, dispatcher_.settings());
  bool const is_large = message.large_attachments != nullptr || (message.parts && !message.parts->sources.empty());
  if (is_large) return sign_large(message, composed, mode, now, made);
  auto packed = is_test_message(message.entry.service, message.entry.action)
                    ? edelivery::pack_test(mode, dispatcher_.us(), now, composed.message_id, composed.conversation_id)
                    : edelivery::pack(composed, mode, dispatcher_.us(), now);
  if (!packed) return std::move(packed).error();
  message.packed = *std::move(packed);
  auto ready = dispatcher_.database().payloads().prepare(message.packed.body);
  if (!ready) return std::move(ready).error();
  made = *std::move(ready);
  return {};
}

sender_worker::tried sender_worker::attempt(due_message& message, instant now) {
  auto const& before = message.row.sending;
  auto const* const agreed = dispatcher_.book().by_id(before.pmode_id);
  if (agreed == nullptr)
    return record(message, before,
                  given_up(before, {"", "its P-Mode '" + before.pmode_id + "' is not there any more", "", ""}), now);
  if (line_ != nullptr) return hand_over(message, *agreed, now);
  auto const mode = ready_pmode(dispatcher_.database(), *agreed, now);
  if (!mode) {
    auto const begun = edelivery::begin_attempt(before, *agreed, now);
    return record(message, before, edelivery::on_no_answer(begun, mode.error().detail, *agreed, now, random01_()), now);
  }
  message.mode = *mode;
  std::optional<store::prepared_payload> made;
  if (auto const ready = sign_once(message, *mode, now, made); !ready) {
    if (ready.error().code == "store.disk_full") return tried::stopped;
    return not_ready(message, ready.error(), *mode, now);
  }
  auto begun = edelivery::begin_attempt(before, *mode, now);
  begun.due += time_for(message);
  if (auto const what = claim(message, begun, made, now); what != tried::sent) return what;
  store::fail_point("exchange.attempt_begun");
  auto const after = call(message, begun, *mode);
  store::fail_point("exchange.answered");
  return record(message, begun, after, now);
}

// What this node cannot read or write now, and only now (no descriptor is free, the disk does not answer), costs no
// attempt: the message waits. What is damaged or lost will never leave.
sender_worker::tried sender_worker::not_ready(due_message const& message, problem const& why,
                                              edelivery::pmode const& mode, instant now) {
  auto const& before = message.row.sending;
  if (!is_of_disk(why)) return record(message, before, given_up(before, why), now);
  auto later = before;
  later.status = edelivery::outbound_status::waiting;
  later.due = now + edelivery::retry_delay(mode.retry, std::max(1, before.attempts), random01_());
  later.reason = "this node cannot make it ready now: " + why.detail;  // the code stays: it is what the partner said
  auto const news = news_of_our_own(message.row.told, later, message.row.party_id, why.code);
  bool is_ours = false;
  auto const done = dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
    is_ours = change_outbox(tx, before, later, now);
    if (is_ours && news) keep_told(tx, before.message_id, news->mark);
    return {};
  });
  if (done && is_ours && news && tell_) tell_(*news);
  return done ? tried::sent : tried::stopped;
}

std::chrono::milliseconds sender_worker::time_for(due_message const& message) {
  std::uint64_t bytes = 0;
  if (auto const large = message.large()) {
    bytes = large->size();
  } else {
    if (message.large_attachments) bytes = message.large_attachments->size();
    if (message.parts)
      for (auto const& source : message.parts->sources) bytes += source->size();
  }
  return time_for_bytes(bytes);
}

// The attempt and the signed bytes are durable before anything leaves. Taken: another worker has the message. Stopped:
// the store takes nothing now.
sender_worker::tried sender_worker::claim(due_message const& message, outbound const& begun,
                                          std::optional<store::prepared_payload> const& made, instant now) const {
  bool is_ours = true;
  auto const done = dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
    is_ours = change_outbox(tx, message.row.sending, begun, now);
    if (!is_ours || !made) return {};
    store::payload_store::put(tx, *made);
    tx.run("UPDATE exchange_ledger SET raw = ?, raw_type = ?, raw_sha256 = ? WHERE seq = ?", made->id,
           message.stored_type.empty() ? message.packed.content_type : message.stored_type, made->sha256_hex,
           message.row.seq);
    return {};
  });
  bool const is_named = done && is_ours;
  bool const may_be_named = is_named || (!done && done.error().code == "store.broken");
  if (message.growing && may_be_named) message.growing->keep();
  if (!may_be_named) drop(made);
  if (!done) return tried::stopped;
  return is_ours ? tried::sent : tried::taken;
}

// What was signed and will be named by no row.
void sender_worker::drop(std::optional<store::prepared_payload> const& made) const {
  if (made) dispatcher_.database().payloads().discard(*made);
}

// A message waits for the certificate that the partner still owes us, and for the disk.
outbound sender_worker::not_sealed(outbound const& begun, problem const& why, edelivery::pmode const& mode) {
  if (!may_wait(why) && !is_of_disk(why)) return given_up(begun, why);
  return edelivery::on_no_answer(begun, why.detail, mode, dispatcher_.time().now(), random01_());
}

// Where a record of a publisher leads may be no network of ours.
http_call& sender_worker::wire_to(edelivery::pmode const& mode) const {
  return mode.discovery && settings_.wire_to_found != nullptr ? *settings_.wire_to_found : wire_;
}

// Never to the end of the lease, which began before the message was signed and claimed: then the attempt counts as
// lost, and another may begin.
std::chrono::milliseconds sender_worker::longest_call(due_message const& message, outbound const& begun) const {
  auto const left = begun.due - dispatcher_.time().now();
  auto const to_note_it = std::min<std::chrono::milliseconds>(left / 10, std::chrono::seconds{1});
  std::chrono::milliseconds const most = settings_.call_timeout + time_for(message);
  return std::clamp<std::chrono::milliseconds>(left - to_note_it, std::chrono::milliseconds{1}, most);
}

// Times are taken when the call is over: it may have hung for a minute.
outbound sender_worker::call(due_message& message, outbound const& begun, edelivery::pmode const& mode) {
  auto const& time = dispatcher_.time();
  http_call_request request;
  request.method = "POST";
  request.url = mode.address;
  request.timeout = longest_call(message, begun);
  std::unique_ptr<edelivery::sealed_stream> stream;
  if (auto const large = message.large()) {
    auto opened = edelivery::sealed_stream::open(message.stored_type, *large, mode, time.now());
    if (!opened) return not_sealed(begun, opened.error(), mode);
    stream = *std::move(opened);
    request.headers = {{"Content-Type", stream->content_type()}};
    request.stream = streamed_body{stream->size(), [&stream] { return stream->next(); }};
  } else {
    auto wire = edelivery::seal(message.packed, mode, time.now());
    if (!wire) return not_sealed(begun, wire.error(), mode);
    request.headers = {{"Content-Type", wire->content_type}};
    request.body = std::move(wire->body);
  }
  auto const answer = wire_to(mode).call(request);
  slots_.note_call(message.row.party_id, answer.has_value(), time.now());
  if (!answer) return edelivery::on_no_answer(begun, answer.error().detail, mode, time.now(), random01_());
  message.answer = {answer->status, answer->header("Content-Type"), answer->body};
  return edelivery::on_response(begun, *message.answer, {message.packed, message.earlier}, mode, time.now(),
                                random01_());
}

// The answer came when the attempt counted as lost and another one was begun, or was over: a good receipt counts.
std::optional<outbox_row> sender_worker::reconcile(store::transaction& tx, due_message const& message,
                                                   instant now) const {
  auto row = find_in_outbox(tx, message.row.sending.message_id);
  auto const& mode = message.mode;
  if (!row || !mode || !message.answer) return std::nullopt;
  auto const late =
      edelivery::on_response(row->sending, *message.answer, {message.packed, message.earlier}, *mode, now, random01_());
  bool const is_news = late.status == edelivery::outbound_status::delivered && late != row->sending;
  if (!is_news || !change_outbox(tx, row->sending, late, now)) return std::nullopt;
  row->sending = late;
  return row;
}

// Writes how an attempt ended. When it cannot be written the lease runs out and the attempt counts as lost.
sender_worker::tried sender_worker::record(due_message const& message, outbound const& before, outbound const& after,
                                           instant begun_at) {
  auto const now = dispatcher_.time().now();
  auto const http_status = message.answer ? std::optional(message.answer->status) : std::nullopt;
  std::optional<sending_news> news;
  auto const done = dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
    std::optional row = message.row;
    row->sending = after;
    if (!change_outbox(tx, before, after, now)) row = reconcile(tx, message, now);
    auto const* const end = row ? &row->sending : nullptr;
    note_attempt(tx, message.row.seq, end != nullptr ? *end : after, begun_at);
    if (end == nullptr) return {};  // another attempt decides
    bool const delivered = end->status == edelivery::outbound_status::delivered;
    if (delivered || end->status == edelivery::outbound_status::failed)
      dispatcher_.settle(tx, {end->message_id, message.entry.nation_id, message.entry.action, message.row.subject,
                              delivered, end->code, end->reason});
    news = news_of(row->told, *end, row->party_id, http_status);
    if (news) keep_told(tx, end->message_id, news->mark);
    return {};
  });
  store::fail_point("exchange.recorded");
  if (done && news && tell_) tell_(*news);
  return done ? tried::sent : tried::stopped;
}

std::chrono::milliseconds sender_worker::longest_wait() const {
  std::chrono::milliseconds longest{0};
  for (auto const& mode : dispatcher_.book().all()) {
    std::chrono::milliseconds const spread = edelivery::retry_delay(mode.retry, mode.retry.max_attempts, 1.0);
    std::chrono::milliseconds const lease = mode.retry.answer_timeout + time_for_bytes(most_bytes_of_a_message);
    longest = std::max({longest, spread, lease});
  }
  return longest;
}

std::optional<instant> sender_worker::next_due() const {
  auto const now = dispatcher_.time().now();
  std::optional<instant> soonest;
  dispatcher_.database().read([&](store::reading& state) {
    state.each(
        "SELECT party_id, min(due) FROM exchange_outbox WHERE fetched = 0 AND status NOT IN ('delivered', 'failed') "
        "GROUP BY party_id",
        [&](store::row const& one) {
          auto const due = std::max(one.time(1), slots_.paused_until(one.text(0), now).value_or(one.time(1)));
          if (!soonest || due < *soonest) soonest = due;
        });
  });
  return soonest;
}

}  // namespace ehds::node::exchange
