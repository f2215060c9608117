#pragma once
// The header of a user message (ebMS 3.0 core 5.2.2) as a plain value, and the fixed names of the
// profile (AS4 5.2.2: defaults).
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace ehds::edelivery {

inline constexpr std::string_view default_initiator_role =
    "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/initiator";
inline constexpr std::string_view default_responder_role =
    "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/responder";
inline constexpr std::string_view default_mpc =
    "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/defaultMPC";
inline constexpr std::string_view test_service =
    "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/service";
inline constexpr std::string_view test_action = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/test";
inline constexpr std::string_view unregistered_party_type = "urn:oasis:names:tc:ebcore:partyid-type:unregistered";
inline constexpr std::string_view gzip_type = "application/gzip";

// eb:Property. A name may occur once per list.
struct message_property {
  std::string name;
  std::string value;
  std::string type;  // empty: no type attribute

  bool operator==(message_property const&) const = default;
};

struct message_party {
  std::string id;
  std::string type;  // empty: no type attribute
  std::string role;

  bool operator==(message_party const&) const = default;
};

// eb:PartInfo.
struct part_info {
  std::string content_id;  // the href without "cid:"
  std::vector<message_property> properties;

  // Empty when absent.
  std::string property(std::string_view name) const;
  bool operator==(part_info const&) const = default;
};

struct user_message {
  instant timestamp;
  std::string message_id;         // id@domain, no angle brackets
  std::string ref_to_message_id;  // of the message answered; empty when none
  std::string mpc;                // empty: the default one
  message_party from;
  message_party to;
  std::string agreement;  // empty: no AgreementRef
  std::string agreement_type;
  std::string service;
  std::string service_type;
  std::string action;
  std::string conversation_id;
  std::vector<message_property> properties;  // originalSender, finalRecipient, trackingIdentifier
  std::vector<part_info> parts;

  bool is_test() const { return service == test_service && action == test_action; }
  bool operator==(user_message const&) const = default;
};

}  // namespace ehds::edelivery
