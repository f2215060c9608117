#pragma once
// Outgoing user messages: packed once (compressed, signed), kept, and sealed (encrypted with a fresh key) for
// each attempt. Every attempt so has the same MessageId and the same digests (AS4 3.2), and follows the
// partner's certificate when that is rolled over in between.
//
//   auto packed = pack({.action = "createDataset", .payloads = {{"application/json", json}}}, mode, us, now);
//   store(packed->message_id, packed->content_type, packed->body);          // with the outbox row
//   auto wire = seal({id, stored_type, stored_body}, mode, now);            // at each attempt
//   http.call({.method = "POST", .url = mode.address, .headers = {{"Content-Type", wire->content_type}}, ...});
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/pmode/pmode.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery {

struct outgoing_payload {
  std::string mime_type;
  std::string bytes;
  std::string character_set{};                 // "utf-8" for text; empty: not stated
  std::vector<message_property> properties{};  // further part properties
  byte_source const* source = nullptr;         // for pack_into: instead of bytes, where they lie
  // Its Content-ID, where that is free and of letters, digits and -._@; else what the P-Mode calls it, or a name made
  // up.
  std::string name{};
};

// What is to be said. Parties, service, roles, agreement and MPC come from the P-Mode.
struct outgoing_message {
  std::string action;
  std::string message_id{};       // empty: a new one is made
  std::string conversation_id{};  // empty: a new one is made
  std::string ref_to_message_id{};
  std::vector<message_property> properties{};
  std::vector<outgoing_payload> payloads{};
};

// Signed and not yet encrypted: for the store, never for the wire (unless the P-Mode asks for no encryption).
struct packed_message {
  std::string message_id;
  std::string conversation_id;
  std::string content_type;
  std::string body;
};

struct wire_message {
  std::string content_type;
  std::string body;
};

// Problems: edelivery.pack.{direction, action, identifier, value, payload}, edelivery.sign.*, edelivery.mime.*.
result<packed_message> pack(outgoing_message const& message, pmode const& mode, access_point const& us, instant now);

// The header that pack() writes, without its parts.
user_message make_header(outgoing_message const& message, pmode const& mode, access_point const& us, instant now);

// Would pack() take it? Reads no payload and signs nothing; the same problems.
result<void> check_packable(outgoing_message const& message, pmode const& mode, access_point const& us, instant now);

// The header that pack() would write, its parts under the names they would have, nothing packed: for another access
// point of ours that packs, signs and sends. A message of the test action is one of the test service. Same problems.
result<user_message> describe_message(outgoing_message const& message, pmode const& mode, access_point const& us,
                                      instant now);

// A test service message ("ping") under this P-Mode: no payload, never delivered to anybody. Ids as in
// outgoing_message.
result<packed_message> pack_test(pmode const& mode, access_point const& us, instant now, std::string message_id = {},
                                 std::string conversation_id = {});

// pack() for payloads of any size: compressed and digested in one pass into `out`, which is to be kept as the body. The
// SOAP part comes last there. Gives the message without its payloads, for references_of and for checking receipts: its
// body is the SOAP part. Problems besides: those of the sources and of `out`.
struct packed_outline {
  packed_message soap;
  std::string content_type;  // of what was written into `out`
};
result<packed_outline> pack_into(byte_sink& out, outgoing_message const& message, pmode const& mode,
                                 access_point const& us, instant now);
// The outline of a message that was packed and kept. Problem edelivery.pack.stored.
result<packed_outline> outline_of(std::string_view message_id, std::string const& content_type,
                                  byte_source const& stored);

// Problems: edelivery.pack.stored (the kept bytes are damaged), edelivery.encrypt.*.
result<wire_message> seal(packed_message const& message, pmode const& mode, instant now);
result<wire_message> seal(std::string const& content_type, byte_source const& stored, pmode const& mode, instant now);

// What a receipt has to acknowledge. Problem edelivery.pack.stored.
result<std::vector<signed_reference>> references_of(packed_message const& message);

}  // namespace ehds::edelivery
