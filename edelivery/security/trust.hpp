#pragma once
// Whose signature a P-Mode accepts: the partner's own certificates, or any certificate of the partner's
// subject issued by named authorities. That the chain is good is never enough (reference 4.2, rule 6).
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/chain_memory.hpp"

namespace ehds::edelivery {

struct partner_trust {
  std::vector<certificate> pinned;       // the signer must be one of these, when there are any
  std::vector<certificate> authorities;  // when there are any, the chain must end in one of these
  std::string subject;                   // RFC 4514; this or the next is needed when nothing is pinned
  std::string common_name{};             // the one of the signer's subject: how a dynamic sender shows its party id
  // Spares the work of finding out again; shared by copies. It never widens what is accepted.
  std::shared_ptr<chain_memory> remembered = std::make_shared<chain_memory>();
};

// Problems edelivery.authentication.{untrusted, expired, not_partner, key_usage}; at least one of pinned and
// (authorities + subject or common name) must be given, else everything is refused.
result<void> check_signer(certificate const& signer, std::vector<certificate> const& chain, partner_trust const& trust,
                          instant now);

// Good now, and its chain ends in one of these: whoever it is. What it may be used for is the caller's to check.
// Problems edelivery.authentication.{untrusted, expired}.
result<void> check_chain(certificate const& cert, std::vector<certificate> const& between,
                         std::vector<certificate> const& authorities, instant now);

}  // namespace ehds::edelivery
