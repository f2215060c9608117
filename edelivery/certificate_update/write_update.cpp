#include <fmt/format.h>

#include "base/bytes.hpp"
#include "edelivery/certificate_update/update_elements.hpp"
#include "edelivery/security/openssl.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::string_view sha384_uri = "http://www.w3.org/2001/04/xmldsig-more#sha384";
constexpr std::string_view sha512_uri = "http://www.w3.org/2001/04/xmlenc#sha512";

EVP_MD const* digest_named(std::string_view uri) {
  if (uri == sha256_uri) return EVP_sha256();
  if (uri == sha384_uri) return EVP_sha384();
  return uri == sha512_uri ? EVP_sha512() : nullptr;
}

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<au:{0}>{1}</au:{0}>", name, xml::escaped(text));
}

std::string write_maybe_time(std::string_view name, std::optional<instant> const& at) {
  return at ? element(name, to_rfc3339(*at)) : std::string();
}

std::string identifier(std::string_view name, agreement_name const& agreement) {
  auto const type = agreement.type.empty() ? "" : fmt::format(" type=\"{}\"", xml::escaped(agreement.type));
  return fmt::format("<au:{0}{1}>{2}</au:{0}>", name, type, xml::escaped(agreement.value));
}

std::string written(agreement_update_head const& head, std::string const& reference) {
  return element("ID", head.id) + (reference.empty() ? "" : element("ReferenceID", reference)) +
         element("CreatedAt", to_rfc3339(head.created_at)) + write_maybe_time("RespondBy", head.respond_by) +
         write_maybe_time("ActivateBy", head.activate_by) + write_maybe_time("ExpireBy", head.expire_by) +
         identifier("CurrentAgreementIdentifier", head.current) +
         identifier("UpdatedAgreementIdentifier", head.updated);
}

std::string written(certificate_update const& update) {
  std::string certificates;
  for (auto const& each : update.certificates)
    certificates += "<ds:X509Certificate>" + to_base64(each.der()) + "</ds:X509Certificate>";
  return fmt::format(
      "<cu:CertificateUpdateRequest id=\"{}\"><cu:CurrentCertificateIdentifier><dsig11:X509Digest Algorithm=\"{}\">{}"
      "</dsig11:X509Digest></cu:CurrentCertificateIdentifier><ds:KeyInfo><ds:X509Data>{}</ds:X509Data></ds:KeyInfo>"
      "</cu:CertificateUpdateRequest>",
      xml::escaped(update.id), xml::escaped(update.current.algorithm), to_base64(update.current.value), certificates);
}

std::string written(update_error const& error) {
  auto const attribute = [](std::string_view name, std::string const& value) {
    return value.empty() ? std::string() : fmt::format(" {}=\"{}\"", name, xml::escaped(value));
  };
  auto const opening = "<au:Error" + attribute("errorCode", error.code) + attribute("severity", error.severity) +
                       attribute("shortDescription", error.short_description) +
                       attribute("refToUpdateInError", error.update_id);
  if (error.description.empty()) return opening + "/>";
  return opening + "><au:Description xml:lang=\"en\">" + xml::escaped(error.description) +
         "</au:Description></au:Error>";
}

std::string document(std::string_view name, std::string const& content) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<au:{0} xmlns:au=\"{1}\" xmlns:cu=\"{2}\" xmlns:ds=\"{3}\" "
      "xmlns:dsig11=\"{4}\">{5}</au:{0}>\n",
      name, ns::agreement_update, ns::certificate_update, ns::xml_signature, ns::xml_signature_11, content);
}

}  // namespace

bool certificate_digest::is_of(certificate const& cert) const {
  auto const* const how = digest_named(algorithm);
  if (how == nullptr) return false;
  std::string made(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  auto const& der = cert.der();
  openssl::must(EVP_Digest(der.data(), der.size(), openssl::bytes(made), &size, how, nullptr) == 1);
  made.resize(size);
  return made == value;
}

certificate_digest sha256_digest_of(certificate const& cert) { return {std::string(sha256_uri), sha256(cert.der())}; }

std::string write_agreement_update(agreement_update_request const& request) {
  std::string updates;
  for (auto const& each : request.updates) updates += written(each);
  auto const reason = request.reason.empty() ? std::string() : element("Reason", request.reason);
  return document("AgreementUpdateRequest", written(request.head, {}) + reason + updates);
}

std::string write_agreement_update(agreement_update_response const& response) {
  return document("AgreementUpdateResponse", written(response.head, response.reference_id));
}

std::string write_agreement_update(agreement_update_exception const& exception) {
  std::string errors;
  for (auto const& each : exception.errors) errors += written(each);
  return document("AgreementUpdateException", written(exception.head, exception.reference_id) + errors);
}

}  // namespace ehds::edelivery
