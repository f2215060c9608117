#pragma once
// From the terms of a P-Mode to the partner's access point: the question to DNS, the record of the publisher, at most
// one redirect, and the endpoint in it that fits. The network is the caller's.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_call.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/discovery/service_metadata.hpp"
#include "edelivery/pmode/pmode.hpp"

namespace ehds::edelivery {

// The answer of a DNS server to the question for the NAPTR records of a name, as it came over the wire.
using naptr_question = std::function<result<std::string>(std::string const& name)>;

struct discovered_partner {
  std::string address;
  std::vector<certificate> signing;     // whoever of these signs is the partner; several while it rolls over
  std::vector<certificate> encryption;  // the youngest first; for which of them is decided when a message leaves
  instant good_until;                   // then the first thing it rests on ends: registration, certificate or authority

  bool operator==(discovered_partner const&) const = default;
};

// Problems: those of the network, edelivery.discovery.{dns, dns_none, name, naptr, http, unsigned, signature,
// publisher, version, record, other_participant, redirect, none, certificate}, edelivery.authentication.*.
result<discovered_partner> find_partner(pmode const& mode, naptr_question const& ask, http_call& wire, instant now);

// The endpoint of a record for this P-Mode and time. Its certificates must be of the kind that the profile needs, be
// issued as `certificates` demands (authorities, policies, not revoked) and be of the P-Mode's subject (without one:
// have the partner's id as common name). Problems edelivery.discovery.{none, certificate}, telling what came nearest.
result<discovered_partner> choose_endpoint(service_metadata const& record, pmode const& mode, instant now);

// Was the record that a redirect led to signed by whom the redirect names, at this time? Problem
// edelivery.discovery.redirect.
result<void> check_redirected(published_redirect const& from, certificate const& signer, instant now);

// The P-Mode with what was found: ready to send under. A partner looked up by final recipient is named by the common
// name of its certificate.
pmode completed(pmode mode, discovered_partner const& found);

}  // namespace ehds::edelivery
