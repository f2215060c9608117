#pragma once
// What the centre is told about an event: which message, with which content. Pure.
#include <vector>

#include "node/access/access_ports.hpp"
#include "node/access/cases/case_state.hpp"

namespace ehds::node::access {

// `state` is the state after the event. No message: an internal step.
std::vector<outgoing_business_message> messages_about(case_state const& state, case_event const& event,
                                                      std::optional<date> due, std::string_view centre);

}  // namespace ehds::node::access
