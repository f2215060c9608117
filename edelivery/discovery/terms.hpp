#pragma once
// How the access point of a partner is found instead of being written into the P-Mode (eDelivery AS4 1.15, 1.5.4
// "Dynamic Sender"): where to look, for what, and whose word counts.
#include <string>
#include <vector>

#include "edelivery/discovery/identifiers.hpp"
#include "edelivery/security/trust.hpp"

namespace ehds::edelivery {

inline constexpr std::string_view as4_transport = "bdxr-transport-ebms3-as4-v1p0";

// Whom the id of `partner` names: the access point itself (point-to-point), or the final recipient behind an access
// point that is found out (four corners).
enum class looked_up_by { partner, final_recipient };

struct discovery_terms {
  looked_up_by by = looked_up_by::partner;
  std::string zone;       // of BDXL; or
  std::string publisher;  // address of the one SMP that is asked
  smp_version version = smp_version::v1_0;
  std::string naptr_service = "Meta:SMP";
  scheme_identifier participant;
  scheme_identifier document;
  scheme_identifier process;  // no scheme: any
  std::string transport{as4_transport};
  // Who signs records: one of the pinned, or the subject, or anybody of these policies, whom an authority vouches for.
  partner_trust signer;

  bool names_signer() const { return !signer.pinned.empty() || !signer.subject.empty() || !signer.policies.empty(); }
};

}  // namespace ehds::edelivery
