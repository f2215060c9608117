// What is done with a message that is not taken: told, kept for the operator, answered. What proves nothing may be from
// anybody, who sends as much of it as he likes: beyond the limit of its address it gets a word, and leaves a number.
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::exchange {
namespace {

edelivery::reply later() {
  return {503, "text/plain; charset=utf-8",
          "Too many messages from this address could not be verified. A good one is taken at any time.\n"};
}

}  // namespace

edelivery::reply dispatcher::refuse(edelivery::refusal const& why, arrived const& what) {
  return note_refusal(why, what) ? receiver_.refuse(why) : later();
}

bool dispatcher::note_refusal(edelivery::refusal const& why, arrived const& what) {
  auto const heard = why.is_proven ? hearing::full : unproven_.take(what.from, clock_.now());
  if (heard == hearing::full) tell_refusal(why);
  if (heard != hearing::counted) refusals_.keep(what.content_type, what.body, why);
  return heard == hearing::full;
}

edelivery::reply dispatcher::refuse_signal(arrived const& what) {
  return refuse(edelivery::refused_for({"edelivery.feature.kind", "A signal came where a user message is awaited.",
                                        "Messaging", "Send user messages."}),
                what);
}

void dispatcher::tell_refusal(edelivery::refusal const& why) const {
  if (on_refusal_) on_refusal_(why);
}

}  // namespace ehds::node::exchange
