#pragma once
// Who may be called now. Each partner has a first slot of its own; further ones, up to a cap a partner, are shared by
// all, and are for partners that answer. So with one thread for each partner and one for each shared slot nobody waits
// for a partner that hangs. After a few calls in a row without an answer a partner is left alone for a pause, then
// asked with one message at a time until it answers (circuit breaker).
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace ehds::node::exchange {

struct slot_limits {
  int failures_to_open = 3;                 // so many calls in a row without an answer ...
  std::chrono::milliseconds pause{15'000};  // ... and only one message is tried after each such pause
  int calls_a_partner = 4;                  // at once
  int shared_calls = 3;                     // beyond the first of each partner, over all partners
};

class partner_slots {
 public:
  explicit partner_slots(slot_limits limits) : limits_(limits) {}

  // Held while a message is with that partner; given back by its end.
  class slot {
   public:
    slot(slot&& other) noexcept : from_(other.from_), party_(std::move(other.party_)) { other.from_ = nullptr; }
    slot& operator=(slot&&) = delete;
    ~slot() {
      if (from_ != nullptr) from_->give_back(party_);
    }

   private:
    friend class partner_slots;
    slot(partner_slots& from, std::string party) : from_(&from), party_(std::move(party)) {}
    partner_slots* from_;
    std::string party_;
  };

  std::optional<slot> take(std::string_view party, instant now);
  void note_call(std::string_view party, bool answered, instant now);
  std::optional<instant> paused_until(std::string_view party, instant now) const;

  // Of a partner that is asked with one message at a time.
  struct silence {
    int unanswered_calls = 0;  // in a row
    instant next_try;          // the end of the pause; now, where it is over
  };
  std::optional<silence> silence_of(std::string_view party, instant now) const;

 private:
  struct circuit {
    int failures = 0;  // calls in a row without an answer
    instant paused_until;
    int calls = 0;  // now
  };
  bool is_paused(circuit const& one, instant now) const;
  void give_back(std::string const& party);

  slot_limits const limits_;
  mutable std::mutex guard_;
  std::map<std::string, circuit, std::less<>> circuits_;
  int shared_in_use_ = 0;
};

}  // namespace ehds::node::exchange
