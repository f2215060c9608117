#pragma once
// Sends what is due in the outbox. One call does one round; whoever owns the thread calls it again when something was
// posted or next_due() has come. Partners are independent: give each its own thread with run_for, so that one that
// hangs holds up nobody else.
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/http_call.hpp"
#include "base/time.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::exchange {

struct sender_settings {
  std::size_t messages_a_round = 32;        // to one partner
  int failures_to_open = 3;                 // so many calls in a row without an answer ...
  std::chrono::milliseconds pause{15'000};  // ... and only one message is tried again after each such pause
  std::chrono::milliseconds call_timeout{60'000};
};

class sender_worker {
 public:
  // random01 gives [0, 1): spreads retries. References outlive the worker.
  sender_worker(dispatcher& from, http_call& wire, std::function<double()> random01, sender_settings settings = {});

  // Tries every message that is due; returns how many were tried.
  std::size_t run_once(instant now);
  std::size_t run_for(std::string_view party_id, instant now);
  // When something is due next; empty when the outbox is empty.
  std::optional<instant> next_due() const;

 private:
  struct due_message;
  struct circuit {
    int failures = 0;
    instant closed_until;
  };

  std::size_t room_for(std::string_view party_id, instant now) const;
  bool attempt(due_message& message, instant now);
  void note_call(std::string_view party_id, bool answered, instant now);

  dispatcher& dispatcher_;
  http_call& wire_;
  std::function<double()> random01_;
  sender_settings const settings_;
  mutable std::mutex guard_;
  std::map<std::string, circuit, std::less<>> circuits_;
};

}  // namespace ehds::node::exchange
