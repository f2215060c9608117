// What records of both versions say.
#include "edelivery/discovery/service_metadata.hpp"

#include <catch2/catch.hpp>

#include "edelivery/discovery/records.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

result<service_metadata> read(std::string const& record) {
  auto const opened = signed_record::open(signed_by(publisher_keys(), record), issued_by(authority()), noon());
  if (!opened) return opened.error();
  return read_service_metadata(*opened);
}
instant moment(char const* text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST_CASE("a record of SMP 1.0 is read") {
  auto const got = read(smp1_record());
  REQUIRE(got);
  CHECK(*got->participant == scheme_identifier{"test-parties", "EU"});
  CHECK(*got->document == scheme_identifier{"bdx-docid-qns", document_id});
  REQUIRE(got->processes.size() == 1);
  CHECK(got->processes[0].ids == std::vector<scheme_identifier>{{"urn:ehds:service", "urn:service"}});
  auto const& endpoint = got->processes[0].endpoints.at(0);
  CHECK(endpoint.transport == "bdxr-transport-ebms3-as4-v1p0");
  CHECK(endpoint.address == "https://eu.example/as4");
  CHECK(*endpoint.from == moment("2026-01-01"));
  CHECK(*endpoint.until == moment("2027-01-01"));
  CHECK(endpoint.certificates.at(0).cert == partner_keys().cert);
}

TEST_CASE("a record of SMP 2.0 is read, its dates until the end of the day, its certificates by their purpose") {
  auto const got = read(smp2_record(smp2_endpoint(smp2_certificate(partner_keys().cert, "Signature") +
                                                  smp2_certificate(receiver().cert, "Exchange", "2026-12-31") +
                                                  smp2_certificate(sender().cert, "Something"))));
  REQUIRE(got);
  CHECK(*got->participant == scheme_identifier{"test-parties", "EU"});
  CHECK(*got->document == scheme_identifier{"bdx-docid-qns", document_id});
  auto const& endpoint = got->processes.at(0).endpoints.at(0);
  CHECK(*endpoint.from == moment("2026-01-01"));
  CHECK(*endpoint.until == moment("2027-01-02"));
  REQUIRE(endpoint.certificates.size() == 2);
  CHECK(endpoint.certificates[0].use == certificate_for::signing);
  CHECK(endpoint.certificates[1].use == certificate_for::encryption);
  CHECK(*endpoint.certificates[1].until == moment("2027-01-01"));
}

TEST_CASE("redirects of both versions are read") {
  auto const older = read(smp1_redirect("https://other.example/x", "CN=other publisher"));
  REQUIRE(older);
  CHECK_FALSE(older->participant);
  CHECK(older->processes.at(0).redirect->address == "https://other.example/x");
  CHECK(older->processes.at(0).redirect->certificate_uid == "CN=other publisher");
  auto const newer = read(smp2_record("<a:Redirect><b:PublisherURI>https://other.example/y</b:PublisherURI>" +
                                      smp2_certificate(sender().cert, "") + "</a:Redirect>"));
  REQUIRE(newer);
  CHECK(newer->processes.at(0).redirect->address == "https://other.example/y");
  auto const& signers = newer->processes.at(0).redirect->signers;
  REQUIRE(signers.size() == 1);
  CHECK(signers[0].cert == sender().cert);
  CHECK(*signers[0].until == moment("2027-01-02"));
}

TEST_CASE("a PEM text stands for a certificate, and an endpoint of another kind may have none") {
  CHECK(read(smp1_record({{.cert = partner_keys().cert.pem()}}))->processes[0].endpoints[0].certificates.size() == 1);
  CHECK(read(smp1_record({{.cert = ""}}))->processes[0].endpoints[0].certificates.empty());
}

TEST_CASE("a record that is signed and still not to be read is refused with its place") {
  auto const record = smp1_record();
  auto const newer = smp2_record(smp2_endpoint(smp2_certificate(partner_keys().cert, "")));
  std::string many;
  for (int n = 0; n < 70; ++n)
    many += "<Process><ProcessIdentifier>p</ProcessIdentifier><ServiceEndpointList/></Process>";
  for (auto const& changed :
       {replaced(record, "ProcessIdentifier", "ProcessName"), replaced(record, ">EU<", "> <"),
        replaced(record, "2026-01-01T", "2026-13-01T"), replaced(record, "EndpointURI", "Address"),
        replaced(record, to_base64(partner_keys().cert.der()), "AAAA"),
        replaced(record, "ServiceInformation", "Information"),
        replaced(record, "<ProcessList>", "<ProcessList>" + many), replaced(record, "ProcessList", "Processes"),
        smp1_redirect("https://x", ""), smp1_redirect("", "x"), replaced(newer, ">2027-01-01<", ">soon<"),
        replaced(newer, "ContentBinaryObject", "Content"), replaced(newer, "b:ID", "b:Name"),
        replaced(newer, "a:Endpoint", "a:Point"), smp2_record("<a:Redirect/>"),
        replaced(newer, "<a:Endpoint>",
                 "<a:Redirect><b:PublisherURI>https://x</b:PublisherURI></a:Redirect><a:Endpoint>")}) {
    auto const got = read(changed);
    REQUIRE_FALSE(got);
    INFO(to_text(got.error()));
    CHECK(got.error().code == "edelivery.discovery.record");
    CHECK(got.error().where.find(" in line ") != std::string::npos);
  }
  CHECK(code_of(read(replaced(record, "SMP/2016/05", "SMP/2014/07"))) == "edelivery.discovery.version");
}

TEST_CASE("service groups of both versions list the documents") {
  auto const older = read_service_group(
      "<ServiceGroup xmlns=\"http://docs.oasis-open.org/bdxr/ns/SMP/2016/05\"><ParticipantIdentifier scheme=\"s\">1"
      "</ParticipantIdentifier><ServiceMetadataReferenceCollection><ServiceMetadataReference "
      "href=\"https://smp/s%3A%3A1/services/d%3a%3Aone%23\"/><ServiceMetadataReference href=\"https://x/\"/>"
      "</ServiceMetadataReferenceCollection></ServiceGroup>");
  REQUIRE(older);
  CHECK(older->participant == scheme_identifier{"s", "1"});
  CHECK(older->documents == std::vector<std::string>{"d::one#"});
  auto const newer = read_service_group(
      "<g:ServiceGroup xmlns:g=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/ServiceGroup\" "
      "xmlns:b=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/BasicComponents\" "
      "xmlns:a=\"http://docs.oasis-open.org/bdxr/ns/SMP/2/AggregateComponents\"><b:ParticipantID schemeID=\"s\">1"
      "</b:ParticipantID><a:ServiceReference><b:ID schemeID=\"d\">one</b:ID></a:ServiceReference></g:ServiceGroup>");
  REQUIRE(newer);
  CHECK(newer->documents == std::vector<std::string>{"d::one"});
  CHECK(code_of(read_service_group("<a/>")) == "edelivery.discovery.version");
  CHECK(code_of(read_service_group("<!DOCTYPE a><a/>")) == "edelivery.header.doctype");
}
