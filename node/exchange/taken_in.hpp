#pragma once
// A message between its examination and the effect that stores it. For the sources of this folder alone.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/exchange/dispatcher.hpp"
#include "node/exchange/inbox.hpp"
#include "node/exchange/kept_message.hpp"

namespace ehds::node::exchange {

inline constexpr std::string_view unserved = "exchange.service.unserved";

struct dispatcher::taken_in {
  business_message message;
  problems of_envelope;
  std::string content_sha256;
  std::string raw_type;
  inbox_entry inbox = {};
  // For a back end: the message as it is, and its parts.
  std::optional<kept_message> kept;
  std::vector<store::prepared_payload> parts;
  // Made before the effect: large ones are on disk by then.
  std::optional<store::prepared_payload> envelope;
  std::optional<store::prepared_payload> attachments;
  std::optional<store::prepared_payload> raw;
  // What the effect found out.
  inbox_finding known = {};
};

}  // namespace ehds::node::exchange
