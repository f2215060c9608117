#pragma once
// A message that a back end hands over by REST: application/json alone, or as the root of a multipart/related whose
// other parts are the payloads.
//   {"pmode", "action", "message_id", "conversation_id", "ref_to_message_id", "properties": [{"name","value","type"}],
//    "parts": [{"content_id", "mime_type", "character_set", "properties"}]}
// Only "pmode" is needed. "parts" says more about payloads: which one by Content-ID, each once.
#include <expected>
#include <memory>
#include <string_view>
#include <vector>

#include "node/exchange/submission.hpp"

namespace ehds::node::api {

struct read_submission {
  exchange::submission message;                       // its parts point to what follows
  std::vector<std::unique_ptr<byte_source>> sources;  // which point into the body
};

inline constexpr std::size_t submission_parts = 128;
inline constexpr std::size_t submission_root_bytes = 256 * 1024;

// `body` outlives what is read. All findings: api.json with its place, api.media_type, edelivery.mime.*.
std::expected<read_submission, problems> read_submitted(std::string_view content_type, byte_source const& body);

}  // namespace ehds::node::api
