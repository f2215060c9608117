#pragma once
// What this room asks of others, given by main: post a business message, write an audit entry, sign
// a permit. All three are called inside an effect, so that they happen together with it or not at all.
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/store/transaction.hpp"

namespace ehds::node::access {

// Actions and contents as agreed for the star: requestInfo, statusUpdate, decision ...
struct outgoing_business_message {
  std::string to_nation;        // "EU" for the centre, else ISO country code
  std::string action;           // AS4 Action
  std::string application_id;   // conversation
  std::string in_reply_to;      // business id of the message this answers; empty when none
  std::string content_json;     // an object
  std::string attachments_zip;  // empty: no second payload part
};

// Stamped by the receiver from the AS4 header and certificate, never from the payload.
struct incoming_business_message {
  std::string message_id;
  std::string action;
  std::string from_nation;
  std::string original_message_id;
  std::string content_json;
  std::string attachments_zip;
  instant received_at;
};

// Holds no personal data: ids, codes, outcomes.
struct audit_note {
  instant at;
  std::string actor;   // account id, key id, "clock", "partner:EU"
  std::string action;  // "access.case.decide"
  std::string object;  // case, application or permit id
  std::string outcome;
};

struct access_ports {
  std::function<result<void>(store::transaction&, outgoing_business_message const&)> post;
  std::function<result<void>(store::transaction&, audit_note const&)> audit;
  // A compact JWS over the payload; type is its "typ": "permit+jwt", "revocations+jwt".
  std::function<result<std::string>(std::string_view payload, std::string_view type)> sign;
};

}  // namespace ehds::node::access
