#pragma once
// One-Way/Pull over the dispatcher. A partner that cannot be called fetches its messages from us; from a partner that
// we cannot wait for, we fetch ours. What is fetched stays in the outbox until its receipt is there.
//
//   pull_answers server(desk, sender, clock);  // answers pull requests and the receipts for what was pulled
//   pull_worker client(desk, wire);            // client.run_once(now), again when client.next_due(now) has come
#include <map>
#include <mutex>
#include <optional>
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

  edelivery::reply answer(std::string_view content_type, std::string_view body);

 private:
  edelivery::reply hand_out(std::string_view content_type, std::string_view body);
  bool is_repeated(std::string const& message_id, instant now);
  edelivery::reply refuse(edelivery::refusal const& why) const;

  dispatcher& dispatcher_;
  sender_worker& sender_;
  clock const& clock_;
  std::mutex guard_;
  std::map<std::string, instant, std::less<>> seen_;  // pull requests of the last while, by sender's P-Mode and id
};

class pull_worker {
 public:
  // References outlive the worker.
  pull_worker(dispatcher& to, http_call& wire, std::size_t messages_a_round = 32)
      : dispatcher_(to), wire_(wire), messages_a_round_(messages_a_round) {}

  // Asks every partner whose interval is over until it has nothing more; returns how many messages came.
  std::size_t run_once(instant now);
  // When the next question is due; empty when we pull nothing.
  std::optional<instant> next_due(instant now) const;

 private:
  std::size_t ask(edelivery::pmode const& mode, instant now);
  void hear(edelivery::pmode const& mode, http_call_response const& answer, instant now);
  void acknowledge(edelivery::pmode const& mode, edelivery::reply const& receipt);

  dispatcher& dispatcher_;
  http_call& wire_;
  std::size_t messages_a_round_;
  std::map<std::string, instant, std::less<>> asked_;  // by P-Mode
};

}  // namespace ehds::node::exchange
