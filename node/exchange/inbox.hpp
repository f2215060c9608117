#pragma once
// Which messages were taken in, each with the receipt that is repeated word for word when it comes again. Internal to
// the room.
#include <string>
#include <string_view>

#include "edelivery/receiver/receiver.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

struct inbox_entry {
  std::string duplicate_key;
  std::string fingerprint;
  edelivery::reply receipt;  // body empty: it is not ours to give
};

struct inbox_finding {
  edelivery::remembered seen;
  // The row is not what was written, so nobody knows whether this is the same message, nor what its receipt said.
  // `seen` says nothing then.
  bool is_damaged = false;
};

// Adds the entry when its key is new.
inbox_finding enter(store::transaction& tx, inbox_entry const& entry, instant at);

// For the operator. To the peer it is EBMS:0202, as when nothing can be stored: it will try again, and when the row has
// been brought back from a copy it gets the receipt it got before. A refusal would make it give up a message that was
// delivered; another receipt would be a second proof beside one it may hold.
problem damaged_inbox_row(std::string_view message_id);

store::migration inbox_digest_column();

}  // namespace ehds::node::exchange
