#pragma once
// What an outgoing message says, from the rows that keep it. Internal to the room.
#include <string>

#include "edelivery/message/pack.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/tables.hpp"

namespace ehds::node::exchange {

// A message of the node's own: the envelope and the ZIP, which may lie where it is large.
edelivery::outgoing_message compose(outbox_row const& row, ledger_row const& entry, std::string envelope,
                                    std::string attachments, byte_source const* large_attachments,
                                    edelivery::pmode const& mode, exchange_settings const& settings);
// A back end's; takes the payloads, whose sources stay with `parts`.
edelivery::outgoing_message compose(outbox_row const& row, ledger_row const& entry, loaded_parts& parts);

}  // namespace ehds::node::exchange
