#include "node/exchange/pull.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "edelivery/sender/outbound.hpp"
#include "node/exchange/time_for_bytes.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/payload_store.hpp"

namespace ehds::node::exchange {

namespace {

// For the largest answer too.
std::chrono::milliseconds longest_call(edelivery::pmode const& mode) {
  return std::chrono::seconds{60} + time_for_bytes(mode.limits.message_bytes);
}

// What comes is as large as the P-Mode allows.
http_call_request post_to(edelivery::pmode const& mode, std::string const& type, std::string body) {
  http_call_request request;
  request.method = "POST";
  request.url = mode.address;
  request.response_limit = std::max(request.response_limit, mode.limits.message_bytes);
  request.headers = {{"Content-Type", type}};
  request.body = std::move(body);
  request.timeout = longest_call(mode);
  return request;
}

// Nobody need hear of it: the partner is asked again after the interval.
bool is_away(problem const& why) {
  return why.code == "http_call.unreachable" || why.code == "http_call.timeout" || why.code == "http_call.cut";
}

bool is_error(edelivery::reply const& ours) {
  auto const told = edelivery::read_claimed_signal(ours.content_type, ours.body);
  return told && std::holds_alternative<edelivery::error_signal>(told->content);
}

}  // namespace

// The answer to a pull request; a large body lies in the payload store.
struct pull_worker::fetched {
  http_call_response answer;
  std::unique_ptr<store::growing_payload> body;
};

pull_answers::pull_answers(dispatcher& from, sender_worker& sender, clock const& time)
    : dispatcher_(from), sender_(sender), clock_(time) {
  dispatcher_.on_signal(
      [this](std::string_view type, std::string_view body, std::string_view from) { return answer(type, body, from); });
}

edelivery::reply pull_answers::answer(std::string_view content_type, std::string_view body, std::string_view from) {
  memory_source const source(body);
  dispatcher::arrived const what{content_type, source, from};
  auto const claimed = edelivery::read_claimed_signal(content_type, body);
  if (!claimed) return dispatcher_.refuse(claimed.error(), what);
  if (std::holds_alternative<edelivery::pull_request>(claimed->content)) return hand_out(what, body);
  auto const taken =
      sender_.take_signal(claimed->refers_to, {200, std::string(content_type), std::string(body)}, clock_.now());
  if (taken) return {204, "", ""};
  auto why = taken.error();
  why.message_id = claimed->message_id;
  if (auto const* const errors = std::get_if<edelivery::error_signal>(&claimed->content)) why.claimed = errors->errors;
  // An error is not answered by an error: two nodes would never stop.
  if (!std::holds_alternative<edelivery::error_signal>(claimed->content)) return dispatcher_.refuse(why, what);
  dispatcher_.note_refusal(why, what);
  return {204, "", ""};
}

edelivery::reply pull_answers::hand_out(dispatcher::arrived const& what, std::string_view body) {
  auto const now = clock_.now();
  auto const opened = edelivery::open_pull_request(what.content_type, body, dispatcher_.book(), now);
  if (!opened) return dispatcher_.refuse(opened.error(), what);
  auto const& id = opened->asked.message_id;
  auto const refuse = [&](std::string code, problem why, bool is_proven) {
    return dispatcher_.refuse({std::move(code), std::move(why), id, opened->pmode_id, {}, {}, is_proven}, what);
  };
  auto const repeated = is_repeated(opened->pmode_id + "/" + id, now);
  if (!repeated) return refuse("EBMS:0202", repeated.error(), true);
  // Whoever caught it may have sent it: it proves nothing any more.
  if (*repeated)
    return refuse("EBMS:0003",
                  {"edelivery.value.repeated", "The pull request was answered before.", opened->pmode_id,
                   "Give each request its own id."},
                  false);
  auto const* const mode = dispatcher_.book().by_id(opened->pmode_id);
  auto wire = sender_.hand_out(*mode, now);
  if (!wire) return refuse("EBMS:0202", wire.error(), true);
  if (*wire) return **std::move(wire);
  // Nothing to fetch is a warning, and nothing that the operator needs to hear of.
  return dispatcher_.receiver().refuse({"EBMS:0006", {}, id, opened->pmode_id, {}});
}

// Whoever caught a request could repeat it and keep the partner from its messages for the time of a lease; a start in
// between changes nothing. Requests that are too old are refused for their time.
result<bool> pull_answers::is_repeated(std::string const& key, instant now) {
  bool is_new = false;
  auto const done = dispatcher_.database().commit([&](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM exchange_pull_request WHERE at < ?", now - 2 * edelivery::pull_freshness);
    is_new = tx.run("INSERT INTO exchange_pull_request (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", key, now) == 1;
    return {};
  });
  if (!done) return done.error();
  return !is_new;
}

std::size_t pull_worker::run_once(instant now) {
  std::size_t came = 0;
  for (auto const& mode : dispatcher_.book().all()) came += run_for(mode.id, now);
  return came;
}

std::size_t pull_worker::run_for(std::string_view pmode_id, instant now) {
  auto const* const mode = dispatcher_.book().by_id(pmode_id);
  if (mode == nullptr || !mode->is_pulled_by_us() || !begin(*mode, now)) return 0;
  struct turn {
    pull_worker& of;
    std::string const& id;
    ~turn() {
      std::scoped_lock const lock(of.guard_);
      of.being_asked_.erase(id);
    }
  } const ends{*this, mode->id};
  return ask(*mode, now);
}

bool pull_worker::begin(edelivery::pmode const& mode, instant now) {
  std::scoped_lock const lock(guard_);
  auto const last = asked_.find(mode.id);
  if (last != asked_.end() && last->second <= now && now < last->second + mode.pull_interval) return false;
  if (!being_asked_.insert(mode.id).second) return false;
  asked_.insert_or_assign(mode.id, now);
  return true;
}

std::optional<instant> pull_worker::next_due(instant now) const {
  std::scoped_lock const lock(guard_);
  std::optional<instant> soonest;
  for (auto const& mode : dispatcher_.book().all()) {
    if (!mode.is_pulled_by_us()) continue;
    auto const last = asked_.find(mode.id);
    auto const due = last == asked_.end() ? now : last->second + mode.pull_interval;
    if (!soonest || due < *soonest) soonest = due;
  }
  return soonest;
}

std::size_t pull_worker::ask(edelivery::pmode const& mode, instant now) {
  for (std::size_t came = 0; came < messages_a_round_; ++came) {
    auto request = edelivery::make_pull_request(mode, dispatcher_.us(), now);
    if (!request) {
      dispatcher_.tell_refusal(edelivery::refused_for(request.error()));
      return came;
    }
    auto got = fetch(mode, *std::move(request));
    if (!got) {
      if (!is_away(got.error())) dispatcher_.tell_refusal({"EBMS:0202", got.error(), {}, mode.id, {}});
      return came;
    }
    store::fail_point("exchange.fetched");
    auto const receipt = take(*got);
    if (!receipt) {
      hear(mode, got->answer, now);
      return came;
    }
    if (receipt->status != 200) return came;  // what came is no AS4
    store::fail_point("exchange.pulled");
    acknowledge(mode, *receipt);
    if (is_error(*receipt)) return came;  // what we refuse would come again and again in this round
  }
  return messages_a_round_;
}

// A large message is on disk when this returns, and never was in memory.
result<pull_worker::fetched> pull_worker::fetch(edelivery::pmode const& mode, edelivery::wire_message request) {
  fetched got;
  auto asked = post_to(mode, request.content_type, std::move(request.body));
  asked.spool = [&]() -> result<byte_sink*> {
    auto made = dispatcher_.database().payloads().begin();
    if (!made) return std::move(made).error();
    got.body = *std::move(made);
    return got.body.get();
  };
  auto answer = wire_.call(asked);
  if (!answer) return std::move(answer).error();
  got.answer = *std::move(answer);
  return got;
}

// The receipt, or the error. Empty: it is no message.
std::optional<edelivery::reply> pull_worker::take(fetched& got) {
  if (got.answer.status != 200) return std::nullopt;
  auto const type = got.answer.header("Content-Type");
  return got.answer.is_spooled ? dispatcher_.receive_message(type, std::move(got.body))
                               : dispatcher_.receive_message(type, got.answer.body);
}

// An error ends the round: mostly EBMS:0006, the channel is empty.
void pull_worker::hear(edelivery::pmode const& mode, http_call_response const& answer, instant now) {
  if (answer.is_spooled)
    return dispatcher_.tell_refusal(
        {"EBMS:0004",
         {"edelivery.pull.no_message", "The partner answered our pull request at length, and with no message.", mode.id,
          "Ask the partner what answers at this address."},
         {},
         mode.id,
         {}});
  auto const signal = edelivery::open_signal(answer.header("Content-Type"), answer.body, mode, now);
  if (!signal) {
    memory_source const body(answer.body);
    dispatcher_.note_refusal(signal.error(), {answer.header("Content-Type"), body});
    return;
  }
  auto const* const errors = std::get_if<edelivery::error_signal>(&signal->content);
  if (errors == nullptr || errors->errors.front().code == "EBMS:0006") return;
  dispatcher_.tell_refusal({errors->errors.front().code,
                            {"edelivery.pull.refused", "The partner refused our pull request.", mode.id,
                             "Compare the channel and the certificates with the partner."},
                            {},
                            mode.id,
                            errors->errors});
}

// A lost receipt is no harm: the message comes again after its lease, and the stored receipt goes out again.
void pull_worker::acknowledge(edelivery::pmode const& mode, edelivery::reply const& receipt) {
  static_cast<void>(wire_.call(post_to(mode, receipt.content_type, receipt.body)));
}

}  // namespace ehds::node::exchange
