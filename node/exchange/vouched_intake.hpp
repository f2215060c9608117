#pragma once
// Takes what a Domibus of ours hands over, as its answer or in a push: stored with its inbox row in one effect and
// delivered once, as if it had come by AS4. Durable when these return.
#include "base/time.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/plugin_line.hpp"

namespace ehds::node::exchange {

// New, or known already. Problems: those of dispatcher::take_vouched, of the answer's payloads, and
// edelivery.duplicate.different: another message has this id.
result<edelivery::remembered::verdict> take_handed(dispatcher& to, retrieved_answer const& message, instant now);

// The same for one that is pushed: it may come again, and after it was retrieved. Test messages are not kept. What
// cannot be taken is told to the dispatcher's listener for refusals besides.
result<void> take_pushed(dispatcher& to, retrieved_answer const& message, instant now);
void tell_refused_push(dispatcher const& to, std::string_view message_id, problem const& why);

// No fault of the message: all of them wait until there is room again.
bool is_of_disk(problem const& why);

}  // namespace ehds::node::exchange
