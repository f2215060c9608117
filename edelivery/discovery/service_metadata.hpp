#pragma once
// What a Service Metadata Publisher says of one document of one participant: over which processes it is taken, at which
// endpoints, with which certificates. The same values for OASIS SMP 1.0 and 2.0.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/discovery/identifiers.hpp"
#include "edelivery/discovery/signed_record.hpp"

namespace ehds::edelivery {

enum class certificate_for { any, signing, encryption };

struct published_certificate {
  certificate cert;
  certificate_for use = certificate_for::any;
  std::optional<instant> from{};
  std::optional<instant> until{};  // not any more from then on

  bool is_on(instant now) const { return (!from || *from <= now) && (!until || now < *until); }
};

struct published_endpoint {
  std::string transport;  // "bdxr-transport-ebms3-as4-v1p0"
  std::string address;
  std::optional<instant> from{};
  std::optional<instant> until{};
  std::vector<published_certificate> certificates{};

  bool is_on(instant now) const { return (!from || *from <= now) && (!until || now < *until); }
};

// The record lies with another publisher, whose signer is told beforehand.
struct published_redirect {
  std::string address;                           // of the record itself
  std::string certificate_uid{};                 // SMP 1.0: the subject of the signer, or what it is known by
  std::vector<published_certificate> signers{};  // SMP 2.0: one of these, when there are any; whatever their use

  bool names_signer() const { return !certificate_uid.empty() || !signers.empty(); }
};

struct published_process {
  std::vector<scheme_identifier> ids;  // none: whichever process it is
  std::vector<published_endpoint> endpoints;
  std::optional<published_redirect> redirect;

  // Without a scheme, of any.
  bool is_about(scheme_identifier const& wanted) const;
};

struct service_metadata {
  // Of the record; SMP 1.0 leaves both out of a redirect.
  std::optional<scheme_identifier> participant;
  std::optional<scheme_identifier> document;
  std::vector<published_process> processes;
};

// At most 64 processes and 256 endpoints. Problems edelivery.discovery.{version, record}.
result<service_metadata> read_service_metadata(signed_record const& record);

// Which documents a participant takes (ServiceGroup), for the operator who asked for another one: "scheme::value" as
// the publisher writes them, at most 256. Signed in SMP 2.0 at most, so nothing may depend on it. Same problems.
struct service_group {
  scheme_identifier participant;
  std::vector<std::string> documents;
};
result<service_group> read_service_group(std::string_view bytes);

}  // namespace ehds::edelivery
