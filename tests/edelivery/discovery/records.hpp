#pragma once
// Records of a publisher as tests need them, written by hand and signed either with the house's own primitives (quick)
// or, where xmlsec1 judges, by that.
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/http_call.hpp"
#include "edelivery/discovery/find_partner.hpp"
#include "edelivery/keys.hpp"
#include "edelivery/security/signature_algorithm.hpp"
#include "edelivery/xml/document.hpp"

namespace ehds::edelivery::tests {

inline constexpr char const* exclusive_c14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr char const* inclusive_c14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline constexpr char const* rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

inline credentials const& publisher_keys() {
  static credentials const made = issued("publisher", certificate_use::signing, &authority());
  return made;
}
inline credentials const& other_publisher_keys() {
  static credentials const made = issued("other publisher", certificate_use::signing, &authority());
  return made;
}
inline credentials const& partner_keys() {
  static credentials const made = issued("EU", certificate_use::signing_and_encryption, &authority());
  return made;
}

// Records of whomever it has issued a certificate to.
inline partner_trust issued_by(credentials const& ca) { return {{}, {ca.cert}, ""}; }

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// "%signature%" in a record becomes this, its values yet empty.
struct signature_style {
  std::string of_info = exclusive_c14n;
  std::string transform = exclusive_c14n;  // empty: only the enveloped one
  std::string method = rsa_sha256;
};
inline std::string unsigned_signature(certificate const& cert, signature_style const& style = {}) {
  auto const second = style.transform.empty() ? "" : "<Transform Algorithm=\"" + style.transform + "\"/>";
  return "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>"
         "<CanonicalizationMethod Algorithm=\"" +
         style.of_info + "\"/><SignatureMethod Algorithm=\"" + style.method +
         "\"/><Reference URI=\"\"><Transforms>"
         "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>" +
         second +
         "</Transforms><DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
         "<DigestValue></DigestValue></Reference></SignedInfo><SignatureValue></SignatureValue>"
         "<KeyInfo><X509Data><X509Certificate>" +
         to_base64(cert.der()) + "</X509Certificate></X509Data></KeyInfo></Signature>";
}

inline std::string signed_by(credentials const& signer, std::string record, signature_style const& style = {}) {
  record = replaced(std::move(record), "%signature%", unsigned_signature(signer.cert, style));
  auto const form = [](std::string const& name) {
    return name == exclusive_c14n ? xml::canonical_form::exclusive : xml::canonical_form::inclusive;
  };
  auto const signature_in = [](xml::document const& read) {
    return *read.root().child("http://www.w3.org/2000/09/xmldsig#", "Signature");
  };
  auto const draft = xml::document::parse(record).value();
  auto const octets = xml::canonicalize_without(draft, signature_in(draft), form(style.transform), {}).value();
  record = replaced(std::move(record), "<DigestValue></DigestValue>",
                    "<DigestValue>" + to_base64(sha256(octets)) + "</DigestValue>");
  auto const digested = xml::document::parse(record).value();
  auto const info = *signature_in(digested).child("http://www.w3.org/2000/09/xmldsig#", "SignedInfo");
  auto const value = make_signature(*find_signature_algorithm(style.method), signer.key,
                                    xml::canonicalize(info, form(style.of_info), {}).value());
  return replaced(std::move(record), "<SignatureValue></SignatureValue>",
                  "<SignatureValue>" + to_base64(value.value()) + "</SignatureValue>");
}

inline std::string const document_id = "urn:example:dataset##1.0";

struct endpoint_text {
  std::string transport = "bdxr-transport-ebms3-as4-v1p0";
  std::string address = "https://eu.example/as4";
  std::string from = "2026-01-01";
  std::string until = "2027-01-01";
  std::string cert = to_base64(partner_keys().cert.der());
};

// SignedServiceMetadata of SMP 1.0 with "%signature%".
inline std::string smp1_record(std::vector<endpoint_text> const& endpoints = {{}},
                               std::string const& participant = "EU") {
  std::string list;
  for (auto const& one : endpoints)
    list += "<Endpoint transportProfile=\"" + one.transport + "\">\n<EndpointURI> " + one.address +
            " </EndpointURI><RequireBusinessLevelSignature>false</RequireBusinessLevelSignature>"
            "<ServiceActivationDate>" +
            one.from + "T00:00:00Z</ServiceActivationDate><ServiceExpirationDate>" + one.until +
            "T00:00:00</ServiceExpirationDate><Certificate>\n" + one.cert +
            "\n</Certificate><ServiceDescription>one</ServiceDescription></Endpoint>";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SignedServiceMetadata "
         "xmlns=\"http://docs.oasis-open.org/bdxr/ns/SMP/2016/05\"><ServiceMetadata><ServiceInformation>"
         "<ParticipantIdentifier scheme=\"test-parties\">" +
         participant +
         "</ParticipantIdentifier>"
         "<DocumentIdentifier scheme=\"bdx-docid-qns\">" +
         document_id +
         "</DocumentIdentifier><ProcessList><Process>"
         "<ProcessIdentifier scheme=\"urn:ehds:service\">urn:service</ProcessIdentifier><ServiceEndpointList>" +
         list +
         "</ServiceEndpointList></Process></ProcessList></ServiceInformation></ServiceMetadata>%signature%"
         "</SignedServiceMetadata>";
}
inline std::string smp1_redirect(std::string const& address, std::string const& uid) {
  return "<SignedServiceMetadata xmlns=\"http://docs.oasis-open.org/bdxr/ns/SMP/2016/05\"><ServiceMetadata>"
         "<Redirect href=\"" +
         address + "\"><CertificateUID>" + uid +
         "</CertificateUID></Redirect></ServiceMetadata>%signature%</SignedServiceMetadata>";
}

inline std::string smp2_certificate(certificate const& cert, std::string const& use,
                                    std::string const& until = "2027-01-01") {
  auto const code = use.empty() ? "" : "<b:TypeCode>http://www.w3.org/2002/03/xkms#" + use + "</b:TypeCode>";
  return "<a:Certificate>" + code + "<b:ActivationDate>2026-01-01Z</b:ActivationDate><b:ExpirationDate>" + until +
         "</b:ExpirationDate><b:ContentBinaryObject mimeCode=\"application/base64\">" + to_base64(cert.der()) +
         "</b:ContentBinaryObject></a:Certificate>";
}
// ServiceMetadata of SMP 2.0 with "%signature%"; `inside` stands in ProcessMetadata after its Process.
inline std::string smp2_record(std::string const& inside, std::string const& process = "urn:service") {
  return "<s:ServiceMetadata xmlns:s=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/ServiceMetadata\" "
         "xmlns:a=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/AggregateComponents\" "
         "xmlns:b=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/BasicComponents\"><b:SMPVersionID>2.0</b:SMPVersionID>"
         "<b:ID schemeID=\"bdx-docid-qns\">" +
         document_id +
         "</b:ID><b:ParticipantID schemeID=\"test-parties\">EU"
         "</b:ParticipantID><a:ProcessMetadata><a:Process><b:ID schemeID=\"urn:ehds:service\">" +
         process + "</b:ID></a:Process>" + inside + "</a:ProcessMetadata>%signature%</s:ServiceMetadata>";
}
inline std::string smp2_endpoint(std::string const& certificates, std::string const& until = "2027-01-01") {
  return "<a:Endpoint><b:TransportProfileID>bdxr-transport-ebms3-as4-v1p0</b:TransportProfileID>"
         "<b:AddressURI>https://eu.example/as4</b:AddressURI><b:ActivationDate>2026-01-01</b:ActivationDate>"
         "<b:ExpirationDate>" +
         until + "</b:ExpirationDate>" + certificates + "</a:Endpoint>";
}

inline pmode looking_up(std::string zone = "zone.example", std::string publisher = {}) {
  pmode mode;
  mode.id = "dynamic";
  mode.service = "urn:service";
  mode.service_type = "urn:ehds:service";
  mode.us.id = "FR";
  mode.partner = {"EU", "test-parties"};
  mode.trust.authorities = {authority().cert};
  mode.trust.common_name = "EU";
  auto& terms = mode.discovery.emplace();
  terms.zone = std::move(zone);
  terms.publisher = std::move(publisher);
  terms.participant = {"test-parties", "EU"};
  terms.document = {"bdx-docid-qns", document_id};
  terms.process = {"urn:ehds:service", "urn:service"};
  terms.signer = issued_by(authority());
  return mode;
}

// A DNS message by hand: the question is left out, each record is for the name "x.".
struct dns_record {
  std::uint16_t type = 35;
  std::string data;
};
inline std::string two(std::uint32_t number) {
  return {static_cast<char>(number >> 8U & 255U), static_cast<char>(number & 255U)};
}
inline std::string naptr_data(std::uint32_t order, std::uint32_t preference, std::string const& flags,
                              std::string const& service, std::string const& regexp) {
  auto const counted = [](std::string const& text) { return std::string(1, static_cast<char>(text.size())) + text; };
  return two(order) + two(preference) + counted(flags) + counted(service) + counted(regexp) + std::string(1, '\0');
}
inline std::string dns_answer(std::vector<dns_record> const& records, std::uint32_t flags = 0x8180) {
  auto message = two(7) + two(flags) + two(0) + two(static_cast<std::uint32_t>(records.size())) + two(0) + two(0);
  for (auto const& one : records)
    message += std::string("\1x\0", 3) + two(one.type) + two(1) + two(0) + two(300) +
               two(static_cast<std::uint32_t>(one.data.size())) + one.data;
  return message;
}

// A publisher that knows a few addresses.
class publisher_wire final : public http_call {
 public:
  std::map<std::string, std::string> pages;
  std::vector<std::string> asked;
  bool is_down = false;

  result<http_call_response> call(http_call_request const& request) override {
    asked.push_back(request.url);
    if (is_down) return problem{"http_call.unreachable", "nobody is there", request.url, ""};
    auto const found = pages.find(request.url);
    return found == pages.end() ? http_call_response{404, {}, "none"} : http_call_response{200, {}, found->second};
  }
};

inline std::string code_of(auto const& got) { return got ? "good" : got.error().code; }

}  // namespace ehds::edelivery::tests
