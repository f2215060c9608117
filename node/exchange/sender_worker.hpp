#pragma once
// Sends what is due in the outbox. One call does one round; whoever owns the threads calls it again when something was
// posted or next_due() has come. Any number of threads may call it: partner_slots.hpp says who gets which partner, so
// that one that hangs holds up nobody else.
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_call.hpp"
#include "base/time.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/partner_slots.hpp"
#include "node/exchange/sending_news.hpp"

namespace ehds::edelivery {
struct http_answer;
struct outbound;
struct outgoing_message;
}  // namespace ehds::edelivery
namespace ehds::node::store {
struct prepared_payload;
}

namespace ehds::node::exchange {

struct outbox_row;
class plugin_line;

struct sender_settings {
  std::size_t messages_a_round = 32;  // to one partner
  slot_limits slots = {};
  std::chrono::milliseconds call_timeout{60'000};
  http_call* wire_to_found = nullptr;  // to partners that were looked up; without it they are called as all others
};

class sender_worker {
 public:
  // random01 gives [0, 1): spreads retries. References outlive the worker.
  sender_worker(dispatcher& from, http_call& wire, std::function<double()> random01, sender_settings settings = {});

  // Before the first message: from now on each is handed over to that access point, which sends it by its own rules,
  // and is followed there until it is acknowledged or given up (edelivery/sender/handed_over.hpp). The line outlives
  // this.
  void hand_over_to(plugin_line const& line) { line_ = &line; }

  // Before the first message: told after the effect of each attempt of which there is news.
  void on_news(std::function<void(sending_news const& news)> tell) { tell_ = std::move(tell); }

  // Somebody says that these came to an end there: they are asked for at the next round, as if their time had come.
  void look_at(std::vector<std::string> const& message_ids, instant now);

  // Tries every message that is due; returns how many were tried.
  std::size_t run_once(instant now);
  std::size_t run_for(std::string_view party_id, instant now);
  // Tries one message to some partner with a free slot. False: there is nothing to do now.
  bool run_next(instant now);
  // This message alone, when it is due. False: nothing was tried.
  bool run_message(std::string_view message_id, instant now);
  // Threads that call run_next, so that every partner that hangs can have one and the shared slots one each.
  std::size_t threads_wanted() const;
  // Why a message that is due may wait for others: its partner does not answer.
  std::optional<partner_slots::silence> silence_of(std::string_view party_id, instant now) const {
    return slots_.silence_of(party_id, now);
  }
  // When something is due next; empty when the outbox is empty.
  std::optional<instant> next_due() const;

  // For the partner that fetches: the oldest message of that P-Mode, sealed, with the lease of one attempt; it comes
  // again when the lease runs out without a receipt. A large one is a stream, sealed while it is read. Empty when there
  // is none. Problem: the store takes nothing now.
  result<std::optional<edelivery::reply>> hand_out(edelivery::pmode const& mode, instant now);
  // A receipt or error about a message of ours that came in a request of its own. Refused when it is about none, is not
  // its partner's, or does not acknowledge what was sent.
  std::expected<void, edelivery::refusal> take_signal(std::string_view message_id, edelivery::http_answer const& signal,
                                                      instant now);

 private:
  struct due_message;
  struct handing;
  enum class tried { nothing_due, sent, taken, stopped };

  tried try_next(std::string_view party_id, instant now);
  due_message load(outbox_row const& row) const;
  tried attempt(due_message& message, instant now);
  tried not_ready(due_message const& message, problem const& why, edelivery::pmode const& mode, instant now);
  result<void> sign_once(due_message& message, edelivery::pmode const& mode, instant now,
                         std::optional<store::prepared_payload>& made) const;
  result<void> sign_large(due_message& message, edelivery::outgoing_message const& composed,
                          edelivery::pmode const& mode, instant now,
                          std::optional<store::prepared_payload>& made) const;
  void drop(std::optional<store::prepared_payload> const& made) const;
  static result<edelivery::reply> sealed_answer(due_message const& message, edelivery::pmode const& mode, instant now);
  http_call& wire_to(edelivery::pmode const& mode) const;
  static std::chrono::milliseconds time_for(due_message const& message);
  std::chrono::milliseconds longest_call(due_message const& message, edelivery::outbound const& begun) const;
  tried claim(due_message const& message, edelivery::outbound const& begun,
              std::optional<store::prepared_payload> const& made, instant now) const;
  edelivery::outbound call(due_message& message, edelivery::outbound const& begun, edelivery::pmode const& mode);
  edelivery::outbound not_sealed(edelivery::outbound const& begun, problem const& why, edelivery::pmode const& mode);
  tried hand_over(due_message& message, edelivery::pmode const& mode, instant now);
  edelivery::outbound offer(due_message& message, handing& deal);
  edelivery::outbound ask(due_message& message, handing& deal);
  tried record_handing(due_message const& message, handing const& deal, edelivery::outbound const& after);
  tried record(due_message const& message, edelivery::outbound const& before, edelivery::outbound const& after,
               instant begun_at);
  std::optional<outbox_row> reconcile(store::transaction& tx, due_message const& message, instant now) const;
  // That a message is put off for by any retry policy or attempt: what is due later, a clock did that was set back.
  std::chrono::milliseconds longest_wait() const;

  dispatcher& dispatcher_;
  http_call& wire_;
  plugin_line const* line_ = nullptr;  // null: this node is its own access point
  std::function<double()> random01_;
  std::function<void(sending_news const& news)> tell_;
  sender_settings const settings_;
  partner_slots slots_;
  std::atomic<std::size_t> turn_ = 0;  // where the next search for a partner begins
};

}  // namespace ehds::node::exchange
