#pragma once
// Key references: from a wsse:SecurityTokenReference to the certificate it means, and back. For the sources of this
// folder only.
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/profile.hpp"
#include "edelivery/security/security_header.hpp"

namespace ehds::edelivery {

struct resolved_token {
  certificate cert;
  std::vector<certificate> chain;  // the rest of a PKIPath
};

// A token inside the message gives its own certificate; an identifier is looked up among `known`. What was
// `read_before` spares the reading of a token that holds the same bytes, and may not be named by an identifier: what a
// message means does not depend on what came before it. Problem edelivery.policy.token: a kind that is not accepted,
// damaged, or nobody's.
result<resolved_token> resolve_token(parsed_envelope const& envelope, xml::node reference,
                                     std::vector<certificate> const& known,
                                     std::vector<certificate> const& read_before = {});

// The XML to send: the BinarySecurityToken (empty for the other kinds) and the SecurityTokenReference.
struct token_text {
  std::string token;
  std::string reference;
};
token_text write_token(certificate const& cert, std::vector<certificate> const& chain, token_reference kind);

// For diagnoses: what a reference says, without looking anything up: "X509SubjectKeyIdentifier N7Fa..".
std::string described(xml::node reference);

}  // namespace ehds::edelivery
