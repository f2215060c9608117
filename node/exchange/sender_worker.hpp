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

namespace ehds::edelivery {
struct outbound;
}
namespace ehds::node::store {
struct prepared_payload;
}

namespace ehds::node::exchange {

struct outbox_row;

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
    int failures = 0;  // calls in a row without an answer
    instant paused_until;
  };

  due_message load(outbox_row const& row) const;
  bool attempt(due_message& message, instant now);
  result<void> sign_once(due_message& message, edelivery::pmode const& mode, instant now,
                         std::optional<store::prepared_payload>& made) const;
  bool claim(due_message const& message, edelivery::outbound const& begun,
             std::optional<store::prepared_payload> const& made, instant now) const;
  edelivery::outbound call(due_message const& message, edelivery::outbound const& begun, edelivery::pmode const& mode,
                           instant now);
  bool record(due_message const& message, edelivery::outbound const& before, edelivery::outbound const& after,
              instant now);
  std::chrono::milliseconds longest_wait() const;  // that any retry policy puts a message off for
  bool is_paused(std::string_view party_id, instant now) const;
  void note_call(std::string_view party_id, bool answered, instant now);

  dispatcher& dispatcher_;
  http_call& wire_;
  std::function<double()> random01_;
  sender_settings const settings_;
  mutable std::mutex guard_;
  std::map<std::string, circuit, std::less<>> circuits_;
};

}  // namespace ehds::node::exchange
