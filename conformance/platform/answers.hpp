#pragma once
// What the platform answers to a request. It believes nothing and checks nothing of the permit: that is the node's
// business with the real platform; this one keeps bytes and says so.
#include <string>

#include "base/clock.hpp"
#include "conformance/platform/handover_folder.hpp"

namespace ehds::conformance::platform {

struct plain_request {
  std::string method;
  std::string target;
  std::string idempotency_key;  // the header; empty when absent
  std::string body;
};

struct plain_response {
  int status = 200;
  std::string body;  // application/json
};

// POST /handovers, GET /handovers, GET /livez.
plain_response answer(plain_request const& request, handover_folder& kept, clock const& now);

}  // namespace ehds::conformance::platform
