#pragma once
// One-Way/Pull over the dispatcher. A partner that cannot be called fetches its messages from us; from a partner that
// we cannot wait for, we fetch ours. What is fetched stays in the outbox until its receipt is there.
//
//   pull_answers server(desk, sender, clock);  // answers pull requests and the receipts for what was pulled
//   pull_worker client(desk, wire);            // client.run_for(pmode, now), each P-Mode on a thread of its own
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/http_call.hpp"
#include "base/time.hpp"
#include "edelivery/message/open_pull.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/sender_worker.hpp"

namespace ehds::node::exchange {

class pull_answers {
 public:
  // Listens to the signals of the dispatcher. The three outlive it, and it outlives the last request.
  pull_answers(dispatcher& from, sender_worker& sender, clock const& time);

  edelivery::reply answer(std::string_view content_type, std::string_view body, std::string_view from = {});

 private:
  edelivery::reply hand_out(dispatcher::arrived const& what, std::string_view body);
  result<bool> is_repeated(std::string const& key, instant now);

  dispatcher& dispatcher_;
  sender_worker& sender_;
  clock const& clock_;
};

class pull_worker {
 public:
  // References outlive the worker.
  pull_worker(dispatcher& to, http_call& wire, std::size_t messages_a_round = 32)
      : dispatcher_(to), wire_(wire), messages_a_round_(messages_a_round) {}

  // Asks the partner of a P-Mode, if its interval is over, until it has nothing more; returns how many messages came.
  // From several threads: a partner that hangs holds up no other.
  std::size_t run_for(std::string_view pmode_id, instant now);
  // All of them, one after the other.
  std::size_t run_once(instant now);
  // When the next question is due; empty when we pull nothing.
  std::optional<instant> next_due(instant now) const;

 private:
  struct fetched;

  std::size_t ask(edelivery::pmode const& mode, instant now);
  result<fetched> fetch(edelivery::pmode const& mode, edelivery::wire_message request);
  std::optional<edelivery::reply> take(fetched& got);
  void hear(edelivery::pmode const& mode, http_call_response const& answer, instant now);
  void acknowledge(edelivery::pmode const& mode, edelivery::reply const& receipt);

  dispatcher& dispatcher_;
  http_call& wire_;
  std::size_t messages_a_round_;
  bool begin(edelivery::pmode const& mode, instant now);

  mutable std::mutex guard_;
  std::map<std::string, instant, std::less<>> asked_;  // by P-Mode
  std::set<std::string, std::less<>> being_asked_;
};

}  // namespace ehds::node::exchange
