#pragma once
// The sending side of reception awareness (AS4 3.2) as pure functions over a plain value that the owner
// keeps as columns. Times are given, nothing is awaited, nothing is sent here.
//
//   queued -> in_flight -> delivered                       a good receipt came
//                |  ^----- waiting (due at ...)             no answer, a bad one, or a passing error
//                `-------> failed: dead letter              attempts used up (EBMS:0301), or the same lasting error
//                twice running
//   failed -> queued by requeue(); a late receipt turns anything but delivered into delivered.
//
//   if (next_action(row, now).what == send_action::send) {
//     row = begin_attempt(row, mode, now);   store(row);            // durable before the bytes leave
//     auto wire = seal(packed, mode, now);   auto got = http.call(...);
//     row = got ? on_response(row, {got->status, type, got->body}, {packed}, mode, now, random01())
//               : on_no_answer(row, got.error().detail, mode, now, random01());
//     store(row);
//   }
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "edelivery/message/pack.hpp"
#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

enum class outbound_status { queued, in_flight, waiting, delivered, failed };

std::string_view to_text(outbound_status status);
std::optional<outbound_status> parse_outbound_status(std::string_view text);

struct outbound {
  std::string message_id;
  std::string pmode_id;
  outbound_status status = outbound_status::queued;
  int attempts = 0;  // begun
  instant queued_at;
  instant due;          // when something is to be done next; for in_flight: when the attempt counts as lost
  std::string code;     // EBMS code of the last trouble; empty when there was none
  std::string reason;   // the same in words, for the operator
  std::string receipt;  // body of the receipt: the proof; empty unless delivered
  std::string receipt_type;

  bool operator==(outbound const&) const = default;
};

struct send_action {
  enum class kind { send, wait, nothing };
  kind what = kind::nothing;
  instant until;  // for wait
};

// What an HTTP exchange brought. Any status; receipts and errors are looked for in all of them.
struct http_answer {
  int status = 0;
  std::string content_type;
  std::string body;
};

outbound enqueue(std::string message_id, pmode const& mode, instant now);

send_action next_action(outbound const& row, instant now);

// Counts the attempt and takes the lease. To be made durable before the bytes leave.
outbound begin_attempt(outbound row, pmode const& mode, instant now);

// What was sent under this id: the bytes of this attempt, and the references of those that a requeue replaced. A
// partner that took an earlier one repeats the receipt it gave for that.
struct sent_bytes {
  packed_message const& now;
  std::vector<std::vector<signed_reference>> earlier = {};
};

// `random` in [0, 1) spreads the retries. Also for answers that come late: whatever the row's state, a good receipt
// for it means delivered.
outbound on_response(outbound row, http_answer const& answer, sent_bytes const& sent, pmode const& mode, instant now,
                     double random);
outbound on_no_answer(outbound row, std::string_view why, pmode const& mode, instant now, double random);

// Whoever was to take the message said no, in words: later again, or a dead letter when he says it twice running. A
// code that may pass, and EBMS:0004 (which says nothing), always mean later.
outbound on_refused(outbound row, std::string_view code, std::string reason, pmode const& mode, instant now,
                    double random);

// The operator's "try again": attempts start anew. Unchanged when delivered. The owner packs the message again under
// its id, so that it bears the present time and is signed with the present key under the present P-Mode: the parts and
// their digests stay, eb:Messaging changes. It keeps the bytes sent before, for receipts that name them.
outbound requeue(outbound row, instant now);

// The delay after the given number of attempts.
std::chrono::milliseconds retry_delay(retry_policy const& policy, int attempts, double random);

}  // namespace ehds::edelivery
