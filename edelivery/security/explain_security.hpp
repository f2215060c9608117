#pragma once
// The security of a message, step by step: signature, certificate, references, keys. Looks at everything that can be
// looked at, where verify() ends at the first fault; concludes nothing.
#include <string>
#include <vector>

#include "edelivery/explain/explanation.hpp"
#include "edelivery/security/part_streams.hpp"
#include "edelivery/security/secure_message.hpp"

namespace ehds::edelivery {

// The digest that the signature gives for a part; the step waits for the one that is computed.
struct awaited_part {
  std::size_t part = 0;  // in the order announced
  std::size_t step = 0;  // of the explanation
  std::string digest;    // raw bytes
};

struct explained_security {
  bool is_proven = false;  // the signature over the SOAP part is good and the signer is trusted
  std::vector<awaited_part> awaited;
  std::vector<part_terms> parts;  // how to open them, in the order announced; empty when that was not found out.
                                  // Holds secrets
};

// `opens_unproven`: our secret key is used even for a message that is not proven.
explained_security explain_security(parsed_envelope const& envelope, std::vector<announced_part> const& parts,
                                    opening const& terms, bool opens_unproven, explanation& into);

// Subject, issuer, serial number, key, fingerprint, validity.
void describe_certificate(explained_step& step, certificate const& cert);

}  // namespace ehds::edelivery
