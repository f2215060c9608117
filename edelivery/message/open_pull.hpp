#pragma once
// One-Way/Pull (ebMS 3.0 core 3.4.1, AS4 2.1): pull requests made and opened, and the signals that come in requests of
// their own because the message they answer was pulled.
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "edelivery/ebms/signals.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/pack.hpp"

namespace ehds::edelivery {

// Signed, for the channel of this P-Mode; goes to its address. Problems edelivery.pack.direction, edelivery.sign.*.
result<wire_message> make_pull_request(pmode const& mode, access_point const& us, instant now);

// A signal in a request, not verified yet: which P-Mode judges it depends on what it speaks of.
struct claimed_signal {
  std::variant<receipt, error_signal, pull_request> content;
  std::string message_id;
  std::string refers_to;  // empty for pull requests
};
std::expected<claimed_signal, refusal> read_claimed_signal(std::string_view content_type, std::string_view body);

inline constexpr std::chrono::minutes pull_freshness{15};

struct incoming_pull {
  pull_request asked;
  std::string pmode_id;  // under which the messages of the channel are handed out
};

// The channel is known, and the signature is of the partner whose channel it is: the certificate decides, nothing else
// does. The request is fresh: older than 15 minutes it could be a repetition by somebody else. Refusals: EBMS:0001
// (no such channel), 0101, 0103, 0202 (the time), 0007, 0009.
std::expected<incoming_pull, refusal> open_pull_request(std::string_view content_type, std::string_view body,
                                                        pmode_book const& book, instant now);

}  // namespace ehds::edelivery
