#pragma once
// The way in where a Domibus is the access point: what waits there is retrieved, made durable here as if it had come by
// AS4, and only then marked as downloaded. Whatever dies in between, the message waits on and is known when it comes
// again.
//
//   retrieve_worker worker(desk, line, {});
//   worker.run_once(now);   // one thread, again and again
//   worker.wake();          // any thread: somebody says that something came
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/pending_windows.hpp"
#include "node/exchange/plugin_line.hpp"

namespace ehds::node::exchange {

struct retrieve_settings {
  std::chrono::milliseconds pause{5'000};           // between two looks
  std::chrono::milliseconds least_pause{500};       // the same when it is woken: anybody could do that
  std::chrono::milliseconds patience{60'000};       // for a short answer; a message gets more, by its limit
  std::chrono::milliseconds first_put_off{30'000};  // of a message that cannot be taken; doubles up to the longest
  std::chrono::milliseconds longest_put_off{3'600'000};
  std::size_t messages_a_round = 32;
  // From so many messages on that cannot be taken, it is asked for later ones that the list may hide; again after this
  // pause when there were none.
  std::size_t crowd = 10;
  std::chrono::milliseconds pause_behind{60'000};
};

class retrieve_worker {
 public:
  // References outlive the worker. What cannot be taken is told to the dispatcher's listener for refusals.
  retrieve_worker(dispatcher& to, plugin_line const& line, retrieve_settings settings)
      : dispatcher_(to), line_(line), settings_(settings) {}

  // Looks when its pause is over, and takes what waits; returns how many messages were new.
  std::size_t run_once(instant now);
  // The next run looks after the least pause. Nothing else is concluded from it.
  void wake() { is_woken_ = true; }

 private:
  struct put_off {
    instant due;
    std::chrono::milliseconds pause;
    bool only_mark = false;  // it is stored here
  };
  enum class taken { is_new, known, not_now, not_marked, cut_off, stop };
  struct round {
    std::size_t tried = 0;
    std::size_t came = 0;
    bool is_over = false;
  };

  bool is_time(instant now);
  std::optional<message_ids> ask_pending(std::optional<edelivery::backend::received_window> const& window);
  bool waits(std::string const& id, instant now) const;
  void take_each(message_ids const& ids, instant now, round& so_far);
  void look_behind(std::size_t full, instant now, round& so_far);
  taken take(std::string const& id, instant now);
  taken store_message(std::string const& id, retrieved_answer const& answer, instant now);
  bool mark(std::string const& id);
  taken tell(std::string const& id, problem const& why);
  void tell_once(std::string& told, std::string const& code, problem const& why) const;
  void wait_with(std::string const& id, instant now, bool only_mark);
  std::chrono::milliseconds patience_for_message() const;

  dispatcher& dispatcher_;
  plugin_line const& line_;
  retrieve_settings const settings_;
  std::atomic<bool> is_woken_ = false;
  std::optional<instant> asked_;
  std::map<std::string, put_off, std::less<>> put_off_;  // by message id
  std::optional<instant> looked_behind_;                 // in vain
  std::string cut_at_;                                   // the message whose retrieval the line did not survive
  std::string line_trouble_;                             // told already
  std::string disk_trouble_;                             // told already
};

}  // namespace ehds::node::exchange
