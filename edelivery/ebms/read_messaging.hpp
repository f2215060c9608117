#pragma once
// eb:Messaging read strictly: order and cardinalities of the ebMS 3.0 schema and of the profile (one message,
// one PartyId a side, payloads in MIME parts). Says nothing about whether the message may be believed.
#include <string>
#include <variant>

#include "base/result.hpp"
#include "edelivery/ebms/signals.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

using messaging_content = std::variant<user_message, receipt, error_signal, pull_request>;

// Problems: edelivery.header.* (EBMS:0009), edelivery.value.* (0003: two messages, two PartyIds, a payload in the
// body), edelivery.payload.external (0011), edelivery.feature.* (0008), edelivery.receipt.* (0302).
// `where` is a path like "UserMessage/MessageInfo/Timestamp".
result<messaging_content> read_messaging(xml::node messaging);

// The MessageId, when there is one to be read, however bad the rest is: to refer to in an error.
std::string readable_message_id(xml::node messaging);

}  // namespace ehds::edelivery
