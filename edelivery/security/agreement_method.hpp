#pragma once
// xenc:AgreementMethod with HKDF (XML Encryption 1.1, 5.6; RFC 9231, 2.8.1), as the eDelivery 2.0 profiles use it: read
// and written. For the sources of this folder only.
#include <optional>
#include <string>

#include "base/result.hpp"
#include "edelivery/security/key_agreement.hpp"
#include "edelivery/security/profile.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

struct agreement_method_block {
  std::string method;
  std::string derivation_method;
  std::string prf;
  derivation how;          // raw bytes
  std::string key_length;  // as written, in bytes; empty when left out
  // The originator's key: either DER, or a point on a named curve. Raw bytes.
  std::string der;
  std::string curve_uri;
  std::string point;
  xml::node recipient;  // whose children name our certificate
};

// Problem edelivery.policy.structure.
result<agreement_method_block> read_agreement_method(xml::node agreement_method);

// `recipient` is a wsse:SecurityTokenReference.
std::string write_agreement_method(key_encryption_method const& method, fresh_key const& originator,
                                   std::string_view salt, std::string_view recipient);

}  // namespace ehds::edelivery
