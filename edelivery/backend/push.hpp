#pragma once
// What a Domibus pushes to its back end (BackendService, namespace eu.domibus), as values: notices about messages, and
// messages whole. Anybody could send them: a notice is a reason to look and nothing else; who pushes a message has to
// say who he is before it is believed.
//
//   auto const said = backend::read_push(soap);  // soap: a byte_source of any size
//   return backend::write_push_taken();
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "edelivery/backend/plugin_client.hpp"

namespace ehds::edelivery::backend {

inline constexpr std::string_view push_namespace = "eu.domibus";

enum class push_kind {
  came,   // receiveSuccess: a message waits
  ended,  // sendSuccess, sendFailure, messageStatusChange: look at one that was handed over
  other,  // receiveFailure, delete, deleteBatch: nothing is to be done
};

struct push_notice {
  push_kind kind = push_kind::other;
  std::vector<std::string> message_ids;  // of messages that ended; at most 1000
};

// A message (submitRequest) is read as one that was retrieved. Problems: edelivery.header.*,
// edelivery.backend.{operation, value, answer, payload}, those of the source.
result<std::variant<push_notice, retrieved_message>> read_push(byte_source const& soap);

std::string write_push_taken();
std::string write_push_fault(std::string_view code, std::string_view message);

}  // namespace ehds::edelivery::backend
