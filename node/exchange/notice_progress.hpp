#pragma once
// How far a webhook was told, as the store has it. Internal to the room.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "node/exchange/domibus_push.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// In words, so that another order or choice in the configuration changes nothing of what was said.
store::migration notice_words();

struct notice_progress {
  std::int64_t told = 0;           // id of the last event of which all was taken
  std::vector<domibus_push> said;  // of the next one, what was taken
  std::int64_t attempts = 0;       // at what is next
  std::int64_t refusals = 0;       // of the message that is next, whole: it came there, and was not wanted
  instant due{};
  std::string reason;  // why it was not taken

  bool has_said(domibus_push push) const;
  void say(domibus_push push);    // of the next one, this was taken or is over
  void pass(std::int64_t event);  // all of it was taken
};

notice_progress find_progress(store::reading& now, std::string_view back_end);
// `kinds`: of the events that this webhook is told of; empty: all.
void keep_progress(store::transaction& tx, std::string_view back_end, notice_progress const& progress,
                   std::vector<std::string> const& kinds);

}  // namespace ehds::node::exchange
