#pragma once
// A record of a Service Metadata Publisher whose signature stands inside it (XML Signature, enveloped): OASIS SMP 1.0
// SignedServiceMetadata and SMP 2.0 ServiceMetadata. What such a record says can be read from a signed_record only.
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/trust.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery {

class signed_record {
 public:
  // At most 512 KiB, scanned before libxml2 sees it. One signature, a child of the root, over the whole document but
  // itself; RSA of 2048 bits or more, Ed25519 or ECDSA with SHA-2; Canonical XML 1.0 or exclusive; its certificate
  // stands in it, is one of `pinned` and of `subject` where these are given, and was issued as check_chain() demands.
  // Problems edelivery.header.* (no readable XML), edelivery.discovery.{unsigned, signature, publisher},
  // edelivery.authentication.*.
  static result<signed_record> open(std::string_view bytes, partner_trust const& publisher, instant now);

  xml::document const& document() const { return document_; }
  certificate const& signer() const { return signer_; }

 private:
  signed_record(xml::document document, certificate signer)
      : document_(std::move(document)), signer_(std::move(signer)) {}

  xml::document document_;
  certificate signer_;
};

// What a publisher's XML may hold, signed or not.
xml::limits record_limits();

}  // namespace ehds::edelivery
