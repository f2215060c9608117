#pragma once
// Messages that a back end written for Domibus refused so often, pushed whole, that those behind them go first. Each
// stays in the back end's box: it can be fetched there, and is pushed once more when somebody asks for that. One that
// the back end has, however it got it, is set aside no more.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// At least three quarters of an hour at the pauses between them: a back end that is ill for a while loses no turn.
inline constexpr std::int64_t most_refusals = 12;

store::migration set_aside_table();

// Inside an effect; one that was there already is asked for no more. False when the back end has it meanwhile.
bool set_aside(store::transaction& tx, box_message const& message);
void put_off(store::transaction& tx, box_message const& message, instant now);  // one that was asked for, for a minute
void forget_set_aside(store::transaction& tx, std::string_view back_end);  // nothing is pushed to it whole any more
// Those of the named that are set aside are to be pushed once more; gives how many of the names those are.
std::size_t push_again(store::transaction& tx, std::string_view back_end, std::vector<std::string> const& message_ids,
                       instant now);

// The next that somebody asked for.
std::optional<box_message> to_push_again(store::reading& now, std::string_view back_end, instant at);

// What is set aside, oldest first, each name once.
std::vector<std::string> set_aside_messages(store::reading& now, std::string_view back_end, std::size_t most);
std::int64_t count_set_aside(store::reading& now);  // of all back ends

}  // namespace ehds::node::exchange
