#pragma once
// How long the bytes of messages are kept: payloads and messages as they travelled, of messages that are over. What was
// said and heard, when, with which digests and receipts, stays in the ledger for good; so does the receipt that is
// repeated for a duplicate.
#include <cstddef>

#include "base/time.hpp"
#include "node/store/database.hpp"

namespace ehds::node::exchange {

// Deletes the bytes of at most `most` messages that were received, or whose receipt came, before then; returns of how
// many. Dead letters keep theirs: an operator may send them again. What another message still names stays.
std::size_t forget_bytes(store::database& db, instant before, std::size_t most = 100);

}  // namespace ehds::node::exchange
