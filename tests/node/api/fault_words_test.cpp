// What a program of the plug-in reads of a problem that was found at a member of the API.
#include "node/api/fault_words.hpp"

#include <catch2/catch.hpp>

using ehds::node::api::fault_text;

TEST_CASE("a fault names the element that stands for a member, and the mend") {
  CHECK(fault_text({"x", "The message id is none.", "/message_id", "Leave it out."}) ==
        "The message id is none. (at UserMessage/MessageInfo/MessageId) Mend: Leave it out.");
  CHECK(fault_text({"x", "Missing.", "/action", ""}) == "Missing. (at UserMessage/CollaborationInfo/Action)");
  CHECK(fault_text({"x", "Missing.", "/properties", ""}) == "Missing. (at UserMessage/MessageProperties)");
  CHECK(fault_text({"x", "Missing.", "/parts", ""}) == "Missing. (at UserMessage/PayloadInfo)");
  CHECK(fault_text({"x", "Another message.", "Idempotency-Key", ""}) ==
        "Another message. (at UserMessage/MessageInfo/MessageId)");
}

TEST_CASE("a place that is an element already, or none, stays as it is") {
  CHECK(fault_text({"x", "Wrong.", "UserMessage/PartyInfo", "Send as 'FR'."}) ==
        "Wrong. (at UserMessage/PartyInfo) Mend: Send as 'FR'.");
  CHECK(fault_text({"x", "No message with id [a@b] found", "", ""}) == "No message with id [a@b] found");
}
