#pragma once
// What a back end that was written for Domibus is told of an event (BackendService), as far as its operator chose it:
// notices, and messages whole.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "node/exchange/back_end_box.hpp"

namespace ehds::node::exchange {

// In the order in which one event is told.
enum class domibus_push {
  message,
  receive_success,
  receive_failure,
  send_success,
  send_failure,
  message_status_change
};

std::string_view to_text(domibus_push push);  // "receive_success"
std::optional<domibus_push> parse_domibus_push(std::string_view word);

std::vector<domibus_push> pushes_of(std::string_view event_kind, std::vector<domibus_push> const& wanted);

// The SOAP of a push that is no message.
std::string write_push(domibus_push push, box_event const& event);

// The message that an event tells of, unless somebody has it already.
std::optional<box_message> message_to_push(store::reading& now, box_event const& event);
// Its SOAP as it is pushed, read while it is sent. Problems: those of open_part.
result<std::unique_ptr<byte_source>> open_pushed(store::reading& now, store::payload_store const& payloads,
                                                 box_message const& message);

}  // namespace ehds::node::exchange
