#pragma once
// Messages that a back end written for Domibus refused so often, pushed whole, that those behind them go first. Each
// stays in the back end's box: it can be fetched there, and is pushed once more when somebody asks for that.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// Some three quarters of an hour at the pauses between them: a back end that is ill for a while loses no turn.
inline constexpr std::int64_t most_refusals = 12;

store::migration set_aside_table();

// Inside an effect; a message that is there already has a new reason, and nobody asked for it any more.
void set_aside(store::transaction& tx, box_message const& message, std::string_view reason, instant now);
void end_set_aside(store::transaction& tx, box_message const& message);  // the back end has it, however it got it
// Those of the named that are set aside are pushed once more.
void push_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids);

// The next that somebody asked for.
std::optional<box_message> to_push_again(store::reading& now, std::string_view back_end);

// What is set aside, oldest first.
std::vector<std::string> set_aside_messages(store::reading& now, std::string_view back_end, std::size_t most);
std::int64_t count_set_aside(store::reading& now);  // of all back ends

}  // namespace ehds::node::exchange
