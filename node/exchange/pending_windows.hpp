#pragma once
// A Domibus names the oldest of the messages that wait, and no more than a number it is set to. Where those can all not
// be taken, later ones are found by asking window of time after window. Internal to the room.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/backend/plugin_client.hpp"

namespace ehds::node::exchange {

using message_ids = std::vector<std::string>;
// Empty: no answer, and no more questions.
using ask_window = std::function<std::optional<message_ids>(edelivery::backend::received_window const&)>;

// The ids of the first window, newest first, in which one is wanted, and only those; empty when there is none in the
// last years. `full` is how many are named when all are asked for: a window with as many may hold more, and is halved.
// At most 100 questions.
message_ids ids_behind(ask_window const& ask, std::function<bool(std::string const&)> const& is_wanted,
                       std::size_t full, instant now);

}  // namespace ehds::node::exchange
