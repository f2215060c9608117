#pragma once
// A message that a back end hands over: under which P-Mode, with which properties and parts. It is on disk, and in the
// outbox, when submit() returns; handed over again under the same idempotency key it is the same message.
//
//   memory_source const pdf(bytes);
//   auto const taken = submit(desk, {.caller = "key:4711", .back_end = "erp", .idempotency_key = "order-17", .pmode_id
//   = "FR-EU-orders",
//                                    .action = "order", .parts = {{"a", "application/pdf", "", {}, &pdf}}});
#include <expected>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/problem.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "node/exchange/dispatcher.hpp"

namespace ehds::node::exchange {

struct submitted_part {
  std::string content_id;  // as the back end names it; on the wire the part has a name of ours
  std::string mime_type;
  std::string character_set;
  std::vector<edelivery::message_property> properties;
  byte_source const* bytes = nullptr;  // read once
};

struct submission {
  std::string caller;           // for the audit log
  std::string back_end;         // whose message this is, and whose idempotency keys these are
  std::string idempotency_key;  // never empty
  std::string pmode_id;
  std::string action;                  // empty: the only one of the P-Mode
  std::string message_id = {};         // empty: a new one
  std::string conversation_id = {};    // empty: a new one
  std::string ref_to_message_id = {};  // of the message this answers
  std::vector<edelivery::message_property> properties = {};
  std::vector<submitted_part> parts = {};
};

struct submitted {
  std::string message_id;
  std::string conversation_id;
  bool is_repeat = false;
};

// All findings: exchange.submission.pmode (unknown, or for receiving only), exchange.submission.service (it is not
// this back end's), exchange.submission.value with edelivery.pack.* in words. One alone: exchange.submission.reused
// (the key stands for another message), exchange.message_id.taken, and those of the store.
std::expected<submitted, problems> submit(dispatcher& desk, submission const& message);

}  // namespace ehds::node::exchange
