#pragma once
// A processing mode (ebMS 3.0 core 4.3, AS4 5.2): everything that two partners have agreed about one kind of
// exchange, as a plain value. One P-Mode is written from our side: `us` and `partner`; whoever sends has
// the initiator's role.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edelivery/compression/gzip.hpp"
#include "edelivery/discovery/terms.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "edelivery/security/profile.hpp"
#include "edelivery/security/trust.hpp"

namespace ehds::edelivery {

// Reception awareness of the sender (AS4 3.2). The defaults keep trying for more than eight days.
struct retry_policy {
  int max_attempts = 200;  // the first included
  std::chrono::seconds initial_delay{10};
  double factor = 2.0;
  std::chrono::seconds max_delay{3600};
  double jitter = 0.2;                       // a delay is moved by up to this part of itself, either way
  std::chrono::seconds answer_timeout{120};  // after that an attempt without any answer counts as lost
};

struct payload_limits {
  std::size_t parts = 28;                         // the reach of peers that allow 30 references
  std::size_t message_bytes = 256 * 1024 * 1024;  // as received
  gunzip_limits unpacked{};                       // of one part
};

enum class direction { send, receive, both };

enum class mep_binding { push, pull };

struct party_name {
  std::string id;
  std::string type{unregistered_party_type};

  bool operator==(party_name const&) const = default;
};

// Four corners: who stands behind us and who behind the partner. What we send has `ours` as originalSender and `theirs`
// as finalRecipient; what we receive must have them the other way round.
struct corner_names {
  std::string ours;
  std::string theirs;

  bool operator==(corner_names const&) const = default;
};

// What signed errors of this partner mean where he departs from the standard; codes such as EBMS:0004.
struct error_meanings {
  std::vector<std::string> later;             // not now: the same message is sent again, as after a passing error
  std::vector<std::string> already_received;  // to a repetition after an attempt without an answer: he has it
};

struct pmode {
  std::string id;
  std::string agreement;  // empty: none is sent, any is accepted
  std::string agreement_type;
  std::string service;
  std::string service_type;
  std::vector<std::string> actions;  // empty: any action
  direction way = direction::both;
  // Pull: the receiver fetches from the sender's address; `way` is send or receive, and the channel is this one's own.
  mep_binding binding = mep_binding::push;
  std::chrono::seconds pull_interval{60};  // how often we ask
  // Two-Way/Push-and-Push: messages under this P-Mode answer messages under that one (its id), the other way round.
  std::string answers;
  party_name us;
  party_name partner;
  std::string initiator_role{default_initiator_role};
  std::string responder_role{default_responder_role};
  std::string mpc;      // empty: the default one
  std::string address;  // of the partner, http or https; empty when we only receive

  security_profile security = edelivery_1_15_rsa();
  partner_trust trust;  // whose signatures we accept
  // For whom we encrypt what we send; needed when encryption is required. Several while a rollover lasts.
  std::vector<certificate> partner_encryption;

  // What the partner announces by Certificate Update is taken without asking the operator, if one of the authorities of
  // `trust` issued it. Else he is asked.
  bool accepts_updates_of_authority = false;

  // Where the address and the partner's certificates are looked up; then they are not written here.
  std::optional<discovery_terms> discovery;

  // Message properties each message must have, both ways: originalSender and finalRecipient between four corners.
  std::vector<std::string> required_properties;
  std::optional<corner_names> four_corners;
  // What the parts of a message of ours are called, one after the other (their Content-IDs): peers with payload
  // profiles take no others. Empty: names are made up.
  std::vector<std::string> payload_names;
  bool compress = true;
  payload_limits limits;
  retry_policy retry;
  std::chrono::days duplicate_window{365};    // how long message ids are remembered
  bool duplicate_error_acknowledges = false;  // EBMS:4001 "DuplicateDetected" means that the partner has it
  error_meanings partner_errors;

  bool is_pulled_by_us() const { return binding == mep_binding::pull && way == direction::receive; }
  bool is_pulled_by_partner() const { return binding == mep_binding::pull && way == direction::send; }
  // Do we encrypt for the partner? Under one that only receives, its encryption certificates serve nothing.
  bool encrypts() const { return way != direction::receive && security.encryption == payload_encryption::required; }
};

// The one to encrypt for now: of those whose time has come and is not over, the one that began last. So a partner's
// next certificate may be added long before its day. Where revocation lists are named, one that was revoked is passed
// over, and under the policy hard also one of which that is not known. Problems edelivery.encrypt.key: there is none at
// all; edelivery.encrypt.{expired, revoked, revocation_unknown}: none is fit now, but a message may wait for one.
result<certificate> encryption_certificate(pmode const& mode, instant now);

// Those that the P-Mode names for encryption, and what replaced them since by agreement (security/replacements.hpp).
std::vector<lasting_certificate> recipients(pmode const& mode);

// What the agreement is called now in what we send: the P-Mode's word, or that of an update that is active. And is this
// what it may be called in what comes? None said, and none agreed, is always right.
struct agreement_in_force {
  std::string value;
  std::string type;
};
agreement_in_force agreement_of(pmode const& mode, instant now);
bool is_agreed(pmode const& mode, std::string_view value, std::string_view type);

// `way`: send or receive. Problem edelivery.pmode.property (EBMS:0010), naming the first one that is not there or not
// as agreed.
result<void> check_properties(std::vector<message_property> const& given, pmode const& mode, direction way);

}  // namespace ehds::edelivery
