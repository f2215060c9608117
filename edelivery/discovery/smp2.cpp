// OASIS SMP 2.0, 4.3: ServiceMetadata with one ProcessMetadata for each set of processes.
#include "edelivery/discovery/record_elements.hpp"

namespace ehds::edelivery {

namespace {

// eDelivery SMP 2.0 tells the two keys of a party apart by XKMS names; one without a name serves for both.
std::optional<certificate_for> use_of(xml::node element) {
  auto const code = element.child(ns::smb, "TypeCode");
  auto const name = code ? trimmed_text(code->text()) : std::string();
  if (name.empty()) return certificate_for::any;
  if (name.ends_with("#Signature")) return certificate_for::signing;
  if (name.ends_with("#Exchange")) return certificate_for::encryption;
  return std::nullopt;
}

result<published_certificate> read_certificate(xml::node element, certificate_for use) {
  auto const content = element.child(ns::smb, "ContentBinaryObject");
  if (!content) return bad_record("It needs a ContentBinaryObject.", element);
  auto cert = certificate_in(*content);
  if (!cert) return std::move(cert).error();
  auto const from = day_in(element, ns::smb, "ActivationDate", false);
  if (!from) return from.error();
  auto const until = day_in(element, ns::smb, "ExpirationDate", true);
  if (!until) return until.error();
  return published_certificate{*std::move(cert), use, *from, *until};
}

result<published_endpoint> read_smp2_endpoint(xml::node element) {
  auto const text = [&](std::string_view name) {
    auto const found = element.child(ns::smb, name);
    return found ? trimmed_text(found->text()) : std::string();
  };
  published_endpoint one{text("TransportProfileID"), text("AddressURI"), {}, {}, {}};
  auto const from = day_in(element, ns::smb, "ActivationDate", false);
  if (!from) return from.error();
  auto const until = day_in(element, ns::smb, "ExpirationDate", true);
  if (!until) return until.error();
  one.from = *from;
  one.until = *until;
  for (auto const& each : element.children(ns::sma, "Certificate")) {
    if (one.certificates.size() == most_certificates_of_endpoint)
      return bad_record("It has too many certificates.", element);
    auto const use = use_of(each);
    if (!use) continue;  // of another purpose
    auto read = read_certificate(each, *use);
    if (!read) return std::move(read).error();
    one.certificates.push_back(*std::move(read));
  }
  return one;
}

result<published_redirect> read_redirect(xml::node element) {
  auto const address = element.child(ns::smb, "PublisherURI");
  published_redirect other{address ? trimmed_text(address->text()) : "", {}, {}};
  if (other.address.empty()) return bad_record("It needs a PublisherURI.", element);
  for (auto const& each : element.children(ns::sma, "Certificate")) {
    if (other.signers.size() == most_certificates_of_endpoint)
      return bad_record("It has too many certificates.", element);
    auto read = read_certificate(each, certificate_for::any);  // one left out would let others in
    if (!read) return std::move(read).error();
    other.signers.push_back(*std::move(read));
  }
  return other;
}

result<published_process> read_smp2_process(xml::node element) {
  published_process one;
  for (auto const& each : element.children(ns::sma, "Process")) {
    auto id = identifier_in(each, ns::smb, "ID", "schemeID");
    if (!id) return std::move(id).error();
    if (one.ids.size() == most_processes) return bad_record("It has too many processes.", element);
    one.ids.push_back(*std::move(id));
  }
  for (auto const& each : element.children(ns::sma, "Endpoint")) {
    if (one.endpoints.size() == most_endpoints / most_processes)
      return bad_record("It has too many endpoints.", element);
    auto read = read_smp2_endpoint(each);
    if (!read) return std::move(read).error();
    one.endpoints.push_back(*std::move(read));
  }
  if (auto const elsewhere = element.child(ns::sma, "Redirect")) {
    auto read = read_redirect(*elsewhere);
    if (!read) return std::move(read).error();
    one.redirect = *std::move(read);
  }
  if (one.endpoints.empty() == !one.redirect) return bad_record("It needs either Endpoints or a Redirect.", element);
  return one;
}

}  // namespace

result<service_metadata> read_smp2(xml::node root) {
  service_metadata read;
  auto participant = identifier_in(root, ns::smb, "ParticipantID", "schemeID");
  if (!participant) return std::move(participant).error();
  read.participant = *std::move(participant);
  // The drafts called it ServiceID.
  auto const draft = root.child(ns::smb, "ServiceID");
  auto document = identifier_in(root, ns::smb, draft ? "ServiceID" : "ID", "schemeID");
  if (!document) return std::move(document).error();
  read.document = *std::move(document);
  for (auto const& each : root.children(ns::sma, "ProcessMetadata")) {
    if (read.processes.size() == most_processes) return bad_record("It has too many ProcessMetadata.", root);
    auto process = read_smp2_process(each);
    if (!process) return std::move(process).error();
    read.processes.push_back(*std::move(process));
  }
  return read;
}

}  // namespace ehds::edelivery
