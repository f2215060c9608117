#pragma once
// Signal messages (ebMS 3.0 core 5.2.3, AS4 5.1.8): receipts, errors and pull requests as plain values.
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery {

// A non-repudiation receipt: the references of the signature it acknowledges, copied as they were.
struct receipt {
  instant timestamp;
  std::string message_id;
  std::string ref_to_message_id;
  std::vector<signed_reference> references;
};

struct ebms_error {
  std::string code;      // "EBMS:0303"
  std::string severity;  // "failure" or "warning"
  std::string category;
  std::string short_description;
  std::string description;
  std::string detail;
  std::string ref_to_message_in_error;

  bool operator==(ebms_error const&) const = default;
};

struct error_signal {
  instant timestamp;
  std::string message_id;
  std::string ref_to_message_id;  // empty when the message could not be read that far
  std::vector<ebms_error> errors;
};

// Asks for the next message of a partition channel (ebMS 3.0 core 5.2.3.1).
struct pull_request {
  instant timestamp;
  std::string message_id;
  std::string mpc;  // empty: the default one
};

}  // namespace ehds::edelivery
