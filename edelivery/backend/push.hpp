#pragma once
// What a Domibus pushes to its back end (BackendService, namespace eu.domibus): notices about messages, as values.
// Anybody could send them: a notice is a reason to look, and nothing else.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::edelivery::backend {

enum class push_kind {
  came,     // receiveSuccess: a message waits
  ended,    // sendSuccess, sendFailure, messageStatusChange: look at one that was handed over
  other,    // receiveFailure, delete, deleteBatch: nothing is to be done
  message,  // submitRequest: the message itself, which this node rather fetches
};

struct push_notice {
  push_kind kind = push_kind::other;
  std::vector<std::string> message_ids;  // of messages that ended; at most 1000
};

// Problems: edelivery.header.*, edelivery.backend.operation, edelivery.backend.value.
result<push_notice> read_push(std::string_view soap);

std::string write_push_taken();
std::string write_push_fault(std::string_view code, std::string_view message);

}  // namespace ehds::edelivery::backend
