#pragma once
// The documents of ebCore Agreement Update 1.0 (OASIS Committee Specification 01, 2016-09-18) as far as they exchange
// certificates: a partner announces that a certificate follows another, and is told yes or no. They travel as the one
// payload of a user message of certificate_update_service, signed and encrypted like all others.
//
//   auto const got = read_agreement_update(xml);            // agreement_update_request, _response or _exception
//   auto const xml = write_agreement_update(response);      // what is read again as the same value
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/xml/scan.hpp"

namespace ehds::edelivery {

// The namespace of the request is the eb:Service too.
inline constexpr std::string_view certificate_update_service =
    "http://docs.oasis-open.org/ebcore/ns/CertificateUpdate/v1.0";
// eb:Action, as the CPPA 3.0 samples of the same committee bind them to this service.
inline constexpr std::string_view update_certificate = "UpdateCertificate";
inline constexpr std::string_view confirm_certificate_update = "ConfirmCertificateUpdate";
inline constexpr std::string_view reject_certificate_update = "RejectCertificateUpdate";

// dsig11:X509Digest of XML Signature 1.1: the digest of a certificate's DER form.
struct certificate_digest {
  std::string algorithm;  // URI of SHA-256, SHA-384 or SHA-512
  std::string value;      // octets

  bool is_of(certificate const& cert) const;
  bool operator==(certificate_digest const&) const = default;
};
certificate_digest sha256_digest_of(certificate const& cert);

// cu:CertificateUpdateRequest: in the updated agreement the first of `certificates` is used in place of `current`.
struct certificate_update {
  std::string id;  // xs:ID: errors name it
  certificate_digest current;
  std::vector<certificate> certificates;  // the new one first, then its issuers as far as they came

  certificate const& next() const { return certificates.front(); }
  bool operator==(certificate_update const&) const = default;
};

struct agreement_name {
  std::string value;
  std::string type{};

  bool operator==(agreement_name const&) const = default;
};

// What all three say. Times without a zone are UTC.
struct agreement_update_head {
  std::string id;
  instant created_at;
  std::optional<instant> respond_by{};   // in requests only
  std::optional<instant> activate_by{};  // from when the updated agreement is used; without: at once
  std::optional<instant> expire_by{};    // until when the current one is
  agreement_name current;
  agreement_name updated;

  bool operator==(agreement_update_head const&) const = default;
};

struct agreement_update_request {
  agreement_update_head head;
  std::vector<certificate_update> updates;  // all or none are applied
  std::string reason{};                     // why it is asked for, in words

  bool operator==(agreement_update_request const&) const = default;
};

struct agreement_update_response {
  agreement_update_head head;
  std::string reference_id;  // the id of the request

  bool operator==(agreement_update_response const&) const = default;
};

struct update_error {
  std::string code;  // "AU:0006"
  std::string severity = "Failure";
  std::string short_description;
  std::string update_id{};  // which update is meant; empty: the whole request
  std::string description{};

  bool operator==(update_error const&) const = default;
};

struct agreement_update_exception {
  agreement_update_head head;
  std::string reference_id;
  std::vector<update_error> errors;

  bool operator==(agreement_update_exception const&) const = default;
};

using agreement_update_document =
    std::variant<agreement_update_request, agreement_update_response, agreement_update_exception>;

inline constexpr std::size_t most_updates = 8;
inline constexpr std::size_t most_update_certificates = 8;  // of one update
inline constexpr std::size_t most_update_errors = 32;
inline constexpr std::size_t most_update_reasons = 8;      // perhaps one a language: the first is kept
inline constexpr std::size_t longest_update_value = 1024;  // bytes of a text value but a description
inline constexpr std::size_t longest_update_description = 4096;
xml::limits agreement_update_limits();  // 256 KiB

// By the fixed order of the schema; what it does not have, another namespace's elements among it, is refused. Problems:
// those of xml::document, edelivery.update.{kind, missing, unexpected, attribute, value, time, certificate, count}.
result<agreement_update_document> read_agreement_update(std::string_view xml);

std::string write_agreement_update(agreement_update_request const& request);
std::string write_agreement_update(agreement_update_response const& response);
std::string write_agreement_update(agreement_update_exception const& exception);

}  // namespace ehds::edelivery
