#pragma once
// The test service of ebMS 3.0 (core 5.2.2) as an operator uses it: is the partner there, does he take our signature,
// do we take his? A test message goes the way of all others, through outbox, sender and ledger, and is delivered to
// nobody.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/exchange/partner_slots.hpp"
#include "node/store/transaction.hpp"

namespace ehds::node::exchange {

class dispatcher;

bool is_test_message(std::string_view service, std::string_view action);

// Inside an effect: a test message under this P-Mode; returns its id. Problems: exchange.pmode.unknown,
// exchange.test.direction (we never send under it, or the partner fetches), exchange.partner.unknown.
result<std::string> post_test(store::transaction& tx, dispatcher const& from, std::string_view pmode_id);

// What was agreed, and what became of the message.
struct test_outcome {
  std::string message_id;
  std::string pmode_id;
  std::string us;  // access points
  std::string partner;
  std::string address;
  std::string service;  // of the P-Mode: the test message has its own
  std::string agreement;
  std::string profile;
  std::string our_certificate;                    // described, with its SHA-256 fingerprint
  std::vector<std::string> partner_certificates;  // whose signature we would take
  std::string status;                             // queued, in_flight, waiting, delivered, failed
  int attempts = 0;
  std::string code;                               // of the last trouble
  std::string reason;                             // in words
  std::optional<partner_slots::silence> silence;  // of the partner, while the message is not settled
  instant posted_at;
  std::optional<instant> settled_at;
  std::string receipt_id;      // empty while there is none
  std::string receipt_signer;  // described, with its fingerprint
};

// sender_worker::silence_of; empty: it is not asked.
using silence_lookup = std::function<std::optional<partner_slots::silence>(std::string_view party_id)>;

// Reads the store itself: not from inside an effect or a reading. Problem exchange.test.unknown.
result<test_outcome> outcome_of_test(dispatcher const& from, std::string_view message_id,
                                     silence_lookup const& silence_of = {});

// One JSON object with the names above; null where there is nothing yet. The silence is "pause": {"unanswered_calls",
// "until"}.
std::string to_json(test_outcome const& told);

}  // namespace ehds::node::exchange
