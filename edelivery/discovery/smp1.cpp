// OASIS SMP 1.0, 2.3: SignedServiceMetadata/ServiceMetadata with ServiceInformation or Redirect.
#include "edelivery/discovery/record_elements.hpp"

namespace ehds::edelivery {

namespace {

result<published_endpoint> read_smp1_endpoint(xml::node element) {
  published_endpoint one{trimmed_text(element.attribute("transportProfile").value_or("")), {}, {}, {}, {}};
  auto const address = element.child(ns::smp1, "EndpointURI");
  if (!address) return bad_record("It needs an EndpointURI.", element);
  one.address = trimmed_text(address->text());
  auto const from = time_in(element, ns::smp1, "ServiceActivationDate");
  if (!from) return from.error();
  auto const until = time_in(element, ns::smp1, "ServiceExpirationDate");
  if (!until) return until.error();
  one.from = *from;
  one.until = *until;
  auto const cert = element.child(ns::smp1, "Certificate");
  if (!cert || trimmed_text(cert->text()).empty()) return one;  // an endpoint of another kind may have none
  auto read = certificate_in(*cert);
  if (!read) return std::move(read).error();
  one.certificates.push_back({*std::move(read)});
  return one;
}

result<published_process> read_smp1_process(xml::node element) {
  published_process one;
  auto id = identifier_in(element, ns::smp1, "ProcessIdentifier", "scheme");
  if (!id) return std::move(id).error();
  one.ids.push_back(*std::move(id));
  auto const list = element.child(ns::smp1, "ServiceEndpointList");
  if (!list) return bad_record("It needs a ServiceEndpointList.", element);
  for (auto const& each : list->children(ns::smp1, "Endpoint")) {
    if (one.endpoints.size() == most_endpoints / most_processes) return bad_record("It has too many endpoints.", *list);
    auto read = read_smp1_endpoint(each);
    if (!read) return std::move(read).error();
    one.endpoints.push_back(*std::move(read));
  }
  return one;
}

result<service_metadata> read_information(xml::node element) {
  service_metadata read;
  auto participant = identifier_in(element, ns::smp1, "ParticipantIdentifier", "scheme");
  if (!participant) return std::move(participant).error();
  read.participant = *std::move(participant);
  auto document = identifier_in(element, ns::smp1, "DocumentIdentifier", "scheme");
  if (!document) return std::move(document).error();
  read.document = *std::move(document);
  auto const list = element.child(ns::smp1, "ProcessList");
  if (!list) return bad_record("It needs a ProcessList.", element);
  for (auto const& each : list->children(ns::smp1, "Process")) {
    if (read.processes.size() == most_processes) return bad_record("It has too many processes.", *list);
    auto process = read_smp1_process(each);
    if (!process) return std::move(process).error();
    read.processes.push_back(*std::move(process));
  }
  return read;
}

}  // namespace

result<service_metadata> read_smp1(xml::node root) {
  auto const all = root.children(ns::smp1, "ServiceMetadata");
  if (all.size() != 1) return bad_record("It needs one ServiceMetadata.", root);
  auto const information = all.front().children(ns::smp1, "ServiceInformation");
  auto const redirect = all.front().children(ns::smp1, "Redirect");
  if (information.size() + redirect.size() != 1)
    return bad_record("It needs either a ServiceInformation or a Redirect.", all.front());
  if (!information.empty()) return read_information(information.front());
  auto const& element = redirect.front();
  auto const uid = element.child(ns::smp1, "CertificateUID");
  published_redirect other{
      trimmed_text(element.attribute("href").value_or("")), uid ? trimmed_text(uid->text()) : "", {}};
  if (other.address.empty() || other.certificate_uid.empty())
    return bad_record("It needs an href and a CertificateUID.", element);
  service_metadata read;
  read.processes.push_back({{}, {}, std::move(other)});
  return read;
}

}  // namespace ehds::edelivery
