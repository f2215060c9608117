#pragma once
// The other end of push.hpp: what a node says to a back end that was written to be called by a Domibus (BackendService,
// SOAP 1.2, namespace eu.domibus), and whether it was taken.
//
//   auto const text = backend::write_notice(notice_word::receive_success, id);  // the body of an HTTP POST
//   if (auto const taken = backend::read_notice_answer(soap); !taken) ...       // say it again later
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery::backend {

enum class notice_word {
  receive_success,  // a message waits for it
  send_success,     // the partner has one of its messages
  send_failure,     // one of its messages was given up
};

std::string write_notice(notice_word word, std::string_view message_id);

// The envelope that came back; one without anything in its body, or nothing at all, means that it was taken. Problems:
// edelivery.header.*, edelivery.backend.answer (no SOAP 1.2), edelivery.backend.fault.
result<void> read_notice_answer(std::string_view soap);

}  // namespace ehds::edelivery::backend
