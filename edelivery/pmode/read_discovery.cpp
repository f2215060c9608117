#include "edelivery/pmode/read_discovery.hpp"

namespace ehds::edelivery {

namespace {

// An identifier of its own, or what it is when the member is left out.
scheme_identifier read_identifier(strict_object& in, std::string_view key, scheme_identifier otherwise) {
  auto inside = in.object(key);
  if (in.has(key)) otherwise = {inside.text_or("scheme", {}), inside.text("value")};
  inside.finish();
  return otherwise;
}

void read_place(strict_object& in, discovery_terms& into) {
  into.zone = in.text_or("zone", {});
  into.publisher = in.text_or("smp", {});
  if (into.zone.empty() == into.publisher.empty())
    in.complain("missing", "zone", "where to look must be said in one way",
                "give the DNS zone of BDXL as zone, or the address of the one SMP as smp");
  bool const http = into.publisher.starts_with("https://") || into.publisher.starts_with("http://");
  if (!into.publisher.empty() && !http)
    in.complain("value", "smp", "the address of the SMP is neither https nor http", "write https://host[:port]/path");
  if (into.publisher.find_first_of("?#") != std::string::npos)
    in.complain("value", "smp", "the address of the SMP holds more than a path", "write https://host[:port]/path");
  auto const version = in.text_or("version", "1.0");
  into.version = version == "2.0" ? smp_version::v2_0 : smp_version::v1_0;
  if (version != "1.0" && version != "2.0")
    in.complain("value", "version", "this version of SMP is not known", "use one of: 1.0, 2.0");
  into.naptr_service = in.text_or("naptr_service", into.naptr_service);
}

void read_by(strict_object& in, discovery_terms& into) {
  auto const by = in.text_or("by", "partner");
  into.by = by == "final_recipient" ? looked_up_by::final_recipient : looked_up_by::partner;
  if (by != "partner" && by != "final_recipient")
    in.complain("value", "by", "the id of the partner names something else", "use one of: partner, final_recipient");
}

// The authority of publishers issues for others too. Where the partner has no name beforehand, any of them could give
// itself out as the partner.
void check_signer_is_known(strict_object& in, discovery_terms const& terms) {
  if (!in.has("authorities"))
    in.complain("missing", "authorities", "nothing says whose records to believe",
                "name the authority that issues the certificates of the publishers");
  if (terms.by == looked_up_by::final_recipient && !terms.names_signer())
    in.complain("missing", "publisher", "any certificate of the authorities could speak for the final recipient",
                "give the subject, the certificates or the certificate_policies of the publisher");
}

}  // namespace

void read_discovery(strict_object in, pmode& into, std::function<partner_trust(strict_object&)> const& read_signer) {
  auto& terms = into.discovery.emplace();
  read_by(in, terms);
  read_place(in, terms);
  terms.participant = read_identifier(in, "participant", {into.partner.type, into.partner.id});
  bool const has_name =
      terms.zone.empty() || terms.participant.value.empty() || bdxl_name(terms.participant, terms.zone);
  if (!has_name)
    in.complain("value", "zone", "the scheme of the participant and the zone make no name in DNS",
                "give the participant with its scheme: iso6523-actorid-upis, or an ebCore party id type");
  if (!in.has("document"))
    in.complain("missing", "document", "nothing says which document is looked for",
                "name the document identifier that the partner has registered");
  terms.document = read_identifier(in, "document", {});
  terms.process = read_identifier(in, "process", {into.service_type, into.service});
  terms.transport = in.text_or("transport", as4_transport);
  terms.signer = read_signer(in);
  check_signer_is_known(in, terms);
  if (into.binding == mep_binding::pull || into.way == direction::receive)
    in.complain("value", "by", "only an access point that we push to is looked up",
                "leave out discovery, or use binding push and a direction in which we send");
  if (terms.by == looked_up_by::final_recipient && into.way != direction::send)
    in.complain("value", "by", "who receives for the final recipient is not known before it is looked up",
                "write direction send; what comes from there needs a P-Mode of its own");
  in.finish();
}

void check_discovered_trust(strict_object& certificates, pmode& into) {
  for (auto const* const key : {"partner_signing", "partner_encryption"})
    if (certificates.has(key))
      certificates.complain("value", key, "the certificates of the partner are looked up",
                            "leave this out, or discovery");
  if (into.trust.authorities.empty())
    certificates.complain("missing", "authorities", "nothing vouches for the certificates that are found",
                          "name the authority that issues the certificates of access points");
  if (into.trust.subject.empty() && into.discovery->by == looked_up_by::partner)
    into.trust.common_name = into.partner.id;
}

}  // namespace ehds::edelivery
