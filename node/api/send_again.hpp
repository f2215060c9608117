#pragma once
// What an operator does about a dead letter, whether by the API or on its page: it is sent again under the same id.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/api/rooms.hpp"

namespace ehds::node::api {

// Into the queue again, and into the audit log in the same transaction; of a delivered one nothing changes. Problems:
// exchange.outbox.unknown, those of the store.
result<void> send_again(rooms& house, std::string_view message_id, std::string const& operator_id);

}  // namespace ehds::node::api
