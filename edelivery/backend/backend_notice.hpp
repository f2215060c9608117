#pragma once
// The other end of push.hpp: what a node says to a back end that was written to be called by a Domibus (BackendService,
// SOAP 1.2, namespace eu.domibus), and whether it was taken.
//
//   auto const text = backend::write_notice(notice_word::receive_success, id);  // the body of an HTTP POST
//   auto const texts = backend::write_pushed(header);                           // one around the payloads of a message
//   if (auto const taken = backend::read_notice_answer(soap); !taken) ...       // say it again later
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::backend {

enum class notice_word {
  receive_success,  // a message waits for it
  receive_failure,  // one for it came and was refused
  send_success,     // the partner has one of its messages
  send_failure,     // one of its messages was given up
};

std::string write_notice(notice_word word, std::string_view message_id);
std::string write_status_change(std::string_view message_id, message_status status);

// A message whole (submitRequest) around the bytes of its payloads: one text more than the header has parts, between
// which the bytes go in base64 (retrieved_stream.hpp). The header is given as it came, but in the namespace of this
// service: eu.domibus, with elements of none inside.
std::vector<std::string> write_pushed(user_message const& header);

// The envelope that came back; one without anything in its body, or nothing at all, means that it was taken. Problems:
// edelivery.header.*, edelivery.backend.answer (no SOAP 1.2), edelivery.backend.fault.
result<void> read_notice_answer(std::string_view soap);

}  // namespace ehds::edelivery::backend
