#pragma once
// Incoming messages: bytes in, a verified message or a refusal out. Nothing is delivered, stored or answered here.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_source.hpp"
#include "base/problem.hpp"
#include "base/time.hpp"
#include "edelivery/ebms/signals.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/message/part_shelf.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

// A payload as its sender gave it: decrypted, verified, unpacked.
struct received_part {
  std::string content_id;
  std::string mime_type;                     // of the payload, not of its packing
  std::string character_set;                 // empty when not stated
  std::vector<message_property> properties;  // all but MimeType, CharacterSet, CompressionType
  std::string bytes;                         // empty when shelved
  bool is_shelved = false;                   // the bytes are where the part_shelf put them, under content_id
  std::uint64_t size = 0;
};

struct incoming_message {
  user_message header;
  std::vector<received_part> parts;          // in the order of eb:PayloadInfo
  std::vector<signed_reference> references;  // for the receipt
  certificate signer;
  std::string pmode_id;
};

struct incoming_signal {
  std::variant<receipt, error_signal> content;
  certificate signer;
};

// Why a message is not accepted. The diagnosis is for the operator, the code for the peer.
struct refusal {
  std::string code;  // "EBMS:0101"
  problem diagnosis;
  std::string message_id;           // of the message refused; unverified; empty when it could not be read
  std::string pmode_id;             // under which it was judged; empty when none was found
  std::vector<ebms_error> claimed;  // of a signal: the errors it names, not to be believed, only to be shown
  std::string claimed_party = {};   // eb:From of a user message; unverified
  bool is_proven = false;           // the partner of the P-Mode signed the SOAP part: it is from nobody else
  std::string service = {};         // of a user message, as its party
  std::string action = {};
};

// With the code that the problem means.
refusal refused_for(problem diagnosis);

// A user message. Limits before the P-Mode is known are the widest of the book. Everything is checked:
// structure, P-Mode, signature, signer, decryption, coverage, payload list, unpacking. std::bad_alloc, here and of a
// signal, where memory lacked, also to libxml2 and OpenSSL (prepare_libraries): nothing is known of the message then.
std::expected<incoming_message, refusal> open_message(std::string_view content_type, std::string_view body,
                                                      pmode_book const& book, access_point const& us, instant now);

// The same for a body of any size, read where it lies; large parts go to the shelf, if there is one. When the message
// is refused, what is on the shelf is worth nothing.
std::expected<incoming_message, refusal> open_message(std::string_view content_type, byte_source const& body,
                                                      pmode_book const& book, access_point const& us, instant now,
                                                      part_shelf* shelf);

// A receipt or error that answers a message sent under `mode`. Its signature must be the partner's; whether it
// acknowledges what was sent is for check_receipt.
std::expected<incoming_signal, refusal> open_signal(std::string_view content_type, std::string_view body,
                                                    pmode const& mode, instant now);

// AS4 5.1.8 and the non-repudiation check: the receipt is for this id and for exactly these references.
// Problem edelivery.receipt.{other_message, mismatch} (EBMS:0302).
result<void> check_receipt(receipt const& got, std::string_view sent_message_id,
                           std::vector<signed_reference> const& sent);

}  // namespace ehds::edelivery
