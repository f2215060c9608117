#pragma once
// What back ends written for Domibus say and hear: the SOAP 1.2 language of its WS plug-in (namespace
// http://eu.domibus.wsplugin/, children without namespace), as values. No MIME and no HTTP here.
//
//   auto const asked = backend::read_request(soap);   // soap: a byte_source
//   std::visit([](auto const& each) { ... }, *asked);
//   return backend::write_submitted(message_id);
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/ebms/user_message.hpp"

namespace ehds::edelivery::backend {

inline constexpr std::string_view wsplugin_namespace = "http://eu.domibus.wsplugin/";

// Where something lies in the text of a message.
struct text_stretch {
  std::uint64_t at = 0;
  std::uint64_t size = 0;

  bool empty() const { return size == 0; }
  bool operator==(text_stretch const&) const = default;
};

// A payload as its PartInfo describes it.
struct described_payload {
  std::string payload_id;  // without "cid:"
  std::string mime_type;   // the property MimeType, else contentType; empty when neither says
  std::string character_set;
  std::vector<message_property> properties;  // the others
};

// One with what it carries: one of the three.
struct carried_payload : described_payload {
  std::string bytes;       // a short one
  text_stretch base64;     // a long one, where it lies in the text; not looked at yet
  std::string attachment;  // as the href of its xop:Include names its MIME part, without "cid:"
};

// Where a submission has it, for findings: submitRequest/payload[@payloadId='..'], unless the name is too long to show.
std::string place_of_payload(std::string_view payload_id);

// Who calls whom for a message that is handed over (webservicePlugin-header.xsd): the sender, or the receiver.
enum class processing_type { push, pull };

struct submit_request {
  user_message header;  // without parts; ids and times as far as they are given
  std::optional<processing_type> processing = {};
  std::vector<carried_payload> payloads;
};

// Empty: any. Both ends of the window of time belong to it.
struct pending_request {
  std::string message_id;
  std::string conversation_id;
  std::string ref_to_message_id;
  std::string from_party_id;
  std::string final_recipient;
  std::string original_sender;
  std::optional<instant> received_from;
  std::optional<instant> received_to;
};

// Messages whose notices did not reach the back end; conversation, answered message and party are not asked for.
struct push_failed_request : pending_request {};
struct push_again_request {
  std::vector<std::string> message_ids;  // at most 100
};

struct retrieve_request {
  std::string message_id;
  bool marks_as_downloaded = true;
};

enum class access_point_role { either, sending, receiving };

struct status_request {
  std::string message_id;
  access_point_role role = access_point_role::either;
};
struct errors_request {
  std::string message_id;
  access_point_role role = access_point_role::either;
};
struct downloaded_request {
  std::string message_id;
};

using request = std::variant<submit_request, pending_request, retrieve_request, status_request, errors_request,
                             downloaded_request, push_failed_request, push_again_request>;

// Problems: those of the envelope (edelivery.header.*), edelivery.backend.operation, edelivery.backend.value,
// edelivery.backend.payload (a payload without PartInfo or the other way round, a bodyload, no base64). Payloads in
// base64 may be of any length and are not held in memory; all the rest of the text is bounded.
result<request> read_request(byte_source const& soap);

// Piece by piece; blanks and line breaks are skipped. Problem edelivery.backend.payload, those of both sides.
result<void> decode_base64(byte_source const& text, byte_sink& into);

// Does a MIME part of that Content-ID hold what such an href names? A cid URL may write characters as %40 (RFC 2392);
// some stacks write them so in both places.
bool is_included(std::string_view href, std::string_view content_id);

// The words of getStatus; those after not_found are Domibus's alone.
enum class message_status {
  ready_to_pull,
  send_enqueued,
  send_in_progress,
  waiting_for_retry,
  acknowledged,
  send_failure,
  received,
  downloaded,
  not_found,
  ready_to_send,
  being_pulled,
  waiting_for_receipt,
  acknowledged_with_warning,
  send_attempt_failed,
  received_with_warnings,
  deleted
};
std::string_view to_text(message_status status);  // SEND_ENQUEUED
std::optional<message_status> parse_message_status(std::string_view word);

struct message_error {
  std::string code;    // EBMS:0301
  std::string detail;  // a sentence
  std::string message_id;
  access_point_role role = access_point_role::sending;
  instant at;
};

std::string write_submitted(std::string_view message_id);
std::string write_pending(std::vector<std::string> const& message_ids);
std::string write_push_failed(std::vector<std::string> const& message_ids);
std::string write_pushed_again();
std::string write_status(message_status status);
std::string write_errors(std::vector<message_error> const& errors);
std::string write_downloaded(std::string_view message_id);

// The answer to retrieveMessage around the bytes of its payloads: one text more than the header has parts, between
// which the bytes go in base64 (retrieved_stream.hpp). The header is given as it came.
std::vector<std::string> write_retrieved(user_message const& header);

// An HTTP body as MTOM: one text more than the header has parts, the bytes of the parts between them as they are.
struct mtom_texts {
  std::string content_type;
  std::vector<std::string> texts;
};
// The same answer so.
mtom_texts write_retrieved_as_mtom(user_message const& header);

// The description of all this (WSDL 1.1), for programs that read it before they begin.
std::string wsdl_for(std::string_view address);

// code as the plug-in knows it: WS_PLUGIN_0009.
std::string write_fault(std::string_view code, std::string_view message);
// Which of its codes a problem of ours is.
std::string_view fault_code(problem const& what);

}  // namespace ehds::edelivery::backend
