#pragma once
// One message in the hands of one worker, from the row that says it is due to the end of the attempt. Internal to the
// room.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/sender/outbound.hpp"
#include "node/exchange/kept_message.hpp"
#include "node/exchange/sender_worker.hpp"
#include "node/exchange/tables.hpp"

namespace ehds::node::exchange {

struct sender_worker::due_message {
  outbox_row row;
  ledger_row entry;
  edelivery::packed_message packed;                               // empty body: not signed yet
  std::vector<std::vector<edelivery::signed_reference>> earlier;  // what was signed before a requeue
  std::string envelope;
  std::string attachments;
  std::optional<loaded_parts> parts;  // of a back end's message
  // Instead of the strings, when they are too large for memory; then `packed` is the SOAP part alone. Shared with the
  // answer that is read from there after the worker is done.
  std::shared_ptr<byte_source const> stored;
  std::string stored_type;
  std::shared_ptr<byte_source const> large_attachments;
  std::shared_ptr<store::growing_payload> growing;  // packed now, named by the effect that claims the message
  problem trouble;                                  // when the stored bytes cannot be read
  std::optional<edelivery::http_answer> answer;     // of this attempt
  std::optional<edelivery::pmode> mode;             // it was sent under, with what was looked up

  std::shared_ptr<byte_source const> large() const {
    if (growing) return growing;
    return stored;
  }
};

// A dead letter before its attempts are used up: it will never leave as it is.
edelivery::outbound given_up(edelivery::outbound row, problem const& why);
// The partner, or its authority, may mend it before the attempts are used up.
bool may_wait(problem const& why);

}  // namespace ehds::node::exchange
