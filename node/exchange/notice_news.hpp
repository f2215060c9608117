#pragma once
// What the log is told of a webhook: an event that is not taken, each time when the reason becomes another; a message
// that was set aside; word of a refused message that is told no more; and what was taken after all. Of a fault its
// code, not its words: they may be about people.
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace ehds::node::exchange {

struct notice_news {
  enum class kind { refused, set_aside, left_untold, taken_after_all };
  kind what = kind::refused;
  std::string message_id;
  std::string why;            // empty when it was taken
  std::int64_t attempts = 0;  // of this event so far
  std::int64_t refusals = 0;  // of those, what counts toward giving up (most_refusals)
  instant next_try;           // for refused
};

}  // namespace ehds::node::exchange
