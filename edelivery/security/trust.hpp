#pragma once
// Whose signature a P-Mode accepts: the partner's own certificates, or any certificate of the partner's
// subject issued by named authorities. That the chain is good is never enough (reference 4.2, rule 6).
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/chain_memory.hpp"
#include "edelivery/security/replacements.hpp"
#include "edelivery/security/revocation.hpp"

namespace ehds::edelivery {

struct partner_trust {
  std::vector<certificate> pinned;       // the signer must be one of these, when there are any
  std::vector<certificate> authorities;  // when there are any, the chain must end in one of these
  std::string subject;                   // RFC 4514; this or the next is needed when nothing is pinned
  std::string common_name{};             // the one of the signer's subject: how a dynamic sender shows its party id
  // OIDs. When there are any, the signer's certificate must have been issued under one of them (RFC 5280, 6.1): each
  // certificate of its chain says so too.
  std::vector<std::string> policies{};
  revocation_terms revocation{};  // of whom the authorities issue
  // Spares the work of finding out again; shared by copies. It never widens what is accepted.
  std::shared_ptr<chain_memory> remembered = std::make_shared<chain_memory>();
  // Certificates that followed others since this was written down, by agreement with the partner; shared by copies.
  std::shared_ptr<replacement_shelf> replacements = std::make_shared<replacement_shelf>();
};

// The partner's signing certificates as far as they are known one by one: pinned, and what replaced them. Ended ones
// are among them, so that they can be told from a stranger's.
std::vector<certificate> known_signers(partner_trust const& trust);
std::vector<lasting_certificate> lasting_signers(partner_trust const& trust);  // the same, with their times

// Problems edelivery.authentication.{untrusted, expired (also: replaced, and its time is over), not_partner, key_usage,
// policies, revoked, revocation_unknown}; at least one of pinned and (authorities + subject or common name) must be
// given, else everything is refused.
result<void> check_signer(certificate const& signer, std::vector<certificate> const& chain, partner_trust const& trust,
                          instant now);

// Good now, and issued as these terms say: by one of the authorities, under one of the policies, and not revoked.
// Whoever it is; names, pinned certificates and key usage are the caller's to check. Gives when the first certificate
// of its chain ends. `lists_at`: when the revocation lists are looked at, where `now` is a time to come. Problems
// edelivery.authentication.{untrusted, expired, policies, revoked, revocation_unknown}.
result<instant> check_chain(certificate const& cert, std::vector<certificate> const& between,
                            partner_trust const& trust, instant now, std::optional<instant> lists_at = std::nullopt);

// Was this certificate of the partner revoked, as far as the lists of these terms say? Unknown when it leads to none of
// the authorities. Good when no lists are named.
revocation_finding standing_of(certificate const& cert, std::vector<certificate> const& chain,
                               partner_trust const& trust, instant now);

bool is_policy_oid(std::string const& text);  // "1.3.6.1.4.1.99.1"

}  // namespace ehds::edelivery
