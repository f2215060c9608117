// What is done with a message that is not taken: told, kept for the operator, answered. What proves nothing may be from
// anybody, who sends as much of it as he likes: beyond the limit of its address it gets a word, and leaves a number.
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/refused_message.hpp"

namespace ehds::node::exchange {
namespace {

edelivery::reply later() {
  return {503, "text/plain; charset=utf-8",
          "Too many messages from this address could not be verified. A good one is taken at any time.\n"};
}

}  // namespace

edelivery::reply dispatcher::refuse(edelivery::refusal const& why, arrived const& what) {
  if (!note_refusal(why, what)) return later();
  auto const message = refused_for_back_end(why, settings_.back_ends);
  if (!message || tell_refused(db_, *message, clock_.now())) return receiver_.refuse(why);
  auto not_now = why;  // it comes again, and its back end is told then
  not_now.code = "EBMS:0202";
  return receiver_.refuse(not_now);
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
