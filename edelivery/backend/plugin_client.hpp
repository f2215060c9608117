#pragma once
// The other side of wsplugin.hpp: what a node that stands behind a country's own Domibus says to its WS plug-in, and
// what it hears. Values and texts; no HTTP here.
//
//   auto const text = backend::write_submission(header);                 // texts around the payloads of header.parts
//   auto const said = backend::read_answer(soap);                        // ids, a status, errors, or a fault
//   auto const got = backend::read_retrieved(soap);                      // a message, its payloads where they lie;
//                                                                        // soap: a byte_source of any size
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::backend {

// listPendingMessages: the oldest of those that wait, as many as the Domibus is set to name (500); of a window of time,
// both ends included, when one is given.
struct received_window {
  instant from;
  instant to;
};
std::string write_pending_question(std::optional<received_window> const& received = {});
std::string write_retrieval(std::string_view message_id);        // retrieveMessage that marks nothing
std::string write_status_question(std::string_view message_id);  // getStatusWithAccessPointRole, as sender
std::string write_errors_question(std::string_view message_id);  // getMessageErrorsWithAccessPointRole, as sender
std::string write_downloaded_mark(std::string_view message_id);  // markMessageAsDownloaded

// submitMessage as MTOM; with pull, the receiver fetches it from the Domibus (ProcessingType). Problems
// edelivery.pack.value, edelivery.mime.content_id: the header holds what cannot be written.
result<mtom_texts> write_submission(user_message const& header, processing_type processing = processing_type::push);

struct plugin_fault {
  std::string code;     // "EBMS:0010", "WS_PLUGIN:0009", as it came; empty when the fault has no detail
  std::string message;  // at most 500 bytes
};
struct submitted_answer {
  std::string message_id;
};
struct pending_answer {
  std::vector<std::string> message_ids;  // oldest first, as Domibus gives them; partners chose them: any short text
};
struct status_answer {
  message_status status = message_status::not_found;
};
struct errors_answer {
  std::vector<message_error> errors;  // codes as EBMS:0301; without times
};
struct downloaded_answer {};
using plugin_answer =
    std::variant<plugin_fault, submitted_answer, pending_answer, status_answer, errors_answer, downloaded_answer>;

// Problems: edelivery.header.* (no XML, too large), edelivery.backend.answer (another element, a value that cannot be).
result<plugin_answer> read_answer(std::string_view soap);

struct retrieved_message {
  user_message header;  // without parts; the time it was sent when it says so
  std::vector<carried_payload> payloads;
};

// As lenient as Domibus is free: any order, empty lists. Payloads in base64 may be of any length, all the rest of the
// text is bounded, and no more of it is held in memory. Problems: edelivery.header.*, edelivery.backend.{answer,
// payload}, those of the source.
result<std::variant<plugin_fault, retrieved_message>> read_retrieved(byte_source const& soap);

}  // namespace ehds::edelivery::backend
