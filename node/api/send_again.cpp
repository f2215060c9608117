#include "node/api/send_again.hpp"

#include "node/audit/log.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::api {

result<void> send_again(rooms& house, std::string_view message_id, std::string const& operator_id) {
  auto const done = house.db->commit([&](store::transaction& tx) -> result<void> {
    auto again = house.messages->requeue(tx, message_id);
    if (again) audit::append(tx, house.wall->now(), {operator_id, "message.requeue", std::string(message_id), "done"});
    return again;
  });
  if (done && house.nudge) house.nudge();
  return done;
}

}  // namespace ehds::node::api
