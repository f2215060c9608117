#pragma once
// A message for a back end that is refused although its partner signed it: the back end is told, once, as it is told of
// one that arrives (the operator: refusals.hpp). Internal to the room.
#include <optional>
#include <string>

#include "edelivery/message/open.hpp"
#include "node/exchange/back_end.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

struct refused_message {
  std::string back_end;
  std::string party;  // that signed it
  std::string message_id;
  std::string code;  // "EBMS:0303", as its sender is told
};

// Empty: no back end is told. What nobody has proven to be of the partner may be from anybody; what is refused for now
// comes again.
std::optional<refused_message> refused_for_back_end(edelivery::refusal const& why, back_end_list const& all);

// Once for each partner and message id, on disk when this returns. An id under which a message was taken says nothing:
// whoever is told would think that it is that one, and anybody may have caught it and send it again, with a part
// changed. False: the store takes nothing now.
bool tell_refused(store::database& db, refused_message const& message, instant at);

store::migration refused_event_columns();

}  // namespace ehds::node::exchange
