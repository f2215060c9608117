#pragma once
// Business messages between nodes: what travels in the first payload of an AS4 message, as one JSON object
//   {"release","type","message_id","original_message_id","nation_id","access_point_id","content":{...}}
// with an optional ZIP beside it. Who sent it and which message it answers are stamped by the receiver from the AS4
// header and the P-Mode of the verified certificate; what the JSON says about that is never believed.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::node::exchange {

inline constexpr std::string_view star_service = "urn:healthdata-eu:secondary-use";
inline constexpr std::string_view partners_service = "urn:ehds:federated-query";
inline constexpr std::string_view validation_result = "validationResult";

inline constexpr std::size_t envelope_limit = 16 * 1024 * 1024;  // bytes of JSON
inline constexpr int envelope_depth_limit = 64;
inline constexpr std::size_t document_limit = 1024 * 1024;  // bytes of XML
inline constexpr std::uint64_t attachments_in_memory = 16 * 1024 * 1024;

// As a consumer gets it: believed as far as AS4 can tell.
struct business_message {
  std::string service;
  std::string action;               // createDataset, statusUpdate, ...
  std::string message_id;           // the AS4 MessageId
  std::string original_message_id;  // the AS4 RefToMessageId; empty when it answers nothing
  std::string conversation_id;
  std::string nation_id;        // of the sender: "FR", "EU"
  std::string access_point_id;  // of the sender: its AS4 party id
  std::string release;
  std::string content;      // a JSON object
  std::string attachments;  // a ZIP; empty when there is none, or when it is longer than attachments_in_memory
  std::string attachments_payload = {};  // the same in the payload store; empty when there is none
  std::uint64_t attachments_size = 0;
  instant received_at;
  std::string pmode_id = {};                                    // under which it came
  std::optional<edelivery::certificate> signer = std::nullopt;  // whose signature verified it; none from a Domibus
};

struct outgoing_business_message {
  std::string to_nation;  // "EU" for the centre, else the country
  std::string action;
  std::string content;                   // a JSON object
  std::string attachments = {};          // a ZIP
  std::string attachments_payload = {};  // instead of attachments: a payload that the same effect put into the store
  std::string original_message_id = {};  // of the message this answers
  std::string conversation_id = {};      // empty: a new one
  std::string subject = {};              // business object, for the ledger: application id, dataset identifier
  std::string service = std::string(star_service);
};

// The envelope as written by its sender.
struct envelope {
  std::string release;
  std::string type;
  std::string message_id;
  std::string original_message_id;  // empty for null
  std::string nation_id;
  std::string access_point_id;
  std::string content;  // JSON text of an object

  bool operator==(envelope const&) const = default;
};

// Problem exchange.content when the content is not a JSON object.
result<std::string> write_envelope(envelope const& of);
// Problems exchange.envelope.{too_large, too_deep, json, shape}.
result<envelope> read_envelope(std::string_view json);

// {"valid": ..., "problems": [{code, detail, where, mend}]}
std::string write_validation(problems const& found);
struct validation {
  bool valid = false;
  problems found;
};
result<validation> read_validation(std::string_view content);

}  // namespace ehds::node::exchange
