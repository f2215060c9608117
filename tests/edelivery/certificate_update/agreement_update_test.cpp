#include "edelivery/certificate_update/agreement_update.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/certificate_update/updates.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

// As another program might write it: prefixes, order of attributes, blanks and comments of its own.
constexpr char const* foreign_response = R"(<?xml version="1.0"?>
<AgreementUpdateResponse xmlns="http://docs.oasis-open.org/ebcore/ns/AgreementUpdate/v1.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a b.xsd">
  <ID> answer-1 </ID>
  <!-- to the request of Monday -->
  <ReferenceID>request-1</ReferenceID>
  <CreatedAt>2026-11-22T13:22:11</CreatedAt>
  <CurrentAgreementIdentifier type="urn:example:kind">old</CurrentAgreementIdentifier>
  <UpdatedAgreementIdentifier>new</UpdatedAgreementIdentifier>
</AgreementUpdateResponse>)";

agreement_update_exception refused() {
  agreement_update_exception exception;
  exception.head = announced().head;
  exception.head.respond_by.reset();
  exception.reference_id = "81ff47c6";
  exception.errors = {{"AU:0006", "Failure", "ActivateByRejected", "u1", "Ten days at least & <no> \"less\""},
                      {"AU:0006", "Failure", "ActivateByRejected", "", ""}};
  return exception;
}

}  // namespace

TEST_CASE("what is written of an agreement update reads as the same") {
  auto const request = announced(sender().cert, {next_sender().cert, authority().cert});
  auto const read = read_agreement_update(write_agreement_update(request));
  REQUIRE(read);
  CHECK(std::get<agreement_update_request>(*read) == request);
  CHECK(request.updates.front().next() == next_sender().cert);

  agreement_update_response response{request.head, request.head.id};
  response.head.respond_by.reset();
  auto const confirmed = read_agreement_update(write_agreement_update(response));
  REQUIRE(confirmed);
  CHECK(std::get<agreement_update_response>(*confirmed) == response);

  auto const exception = refused();
  auto const rejected = read_agreement_update(write_agreement_update(exception));
  REQUIRE(rejected);
  CHECK(std::get<agreement_update_exception>(*rejected) == exception);
}

TEST_CASE("times may be left out of an agreement update, and may have no zone") {
  auto request = announced();
  request.head.respond_by.reset();
  request.head.activate_by.reset();
  request.head.expire_by.reset();
  auto const read = read_agreement_update(write_agreement_update(request));
  REQUIRE(read);
  CHECK(std::get<agreement_update_request>(*read) == request);
}

TEST_CASE("an answer in another program's hand is understood") {
  auto const read = read_agreement_update(foreign_response);
  REQUIRE(read);
  auto const& response = std::get<agreement_update_response>(*read);
  CHECK(response.reference_id == "request-1");
  CHECK(response.head.id == "answer-1");
  CHECK(response.head.created_at == at("2026-11-22T13:22:11Z"));
  CHECK(response.head.current == agreement_name{"old", "urn:example:kind"});
  CHECK(response.head.updated == agreement_name{"new", ""});
  CHECK(!response.head.activate_by);
}

TEST_CASE("the reason of a request stands before its updates, and the first of several is kept") {
  auto request = announced();
  request.reason = "Our certificate <ends> soon";
  auto const written = write_agreement_update(request);
  auto const read = read_agreement_update(written);
  REQUIRE(read);
  CHECK(std::get<agreement_update_request>(*read) == request);
  auto const one = std::string("</au:UpdatedAgreementIdentifier>");
  auto const again = changed(written, "</au:Reason>", "</au:Reason><au:Reason xml:lang=\"fr\">Bientot</au:Reason>");
  CHECK(std::get<agreement_update_request>(read_agreement_update(again).value()).reason == request.reason);
  std::string many;
  for (std::size_t n = 0; n < most_update_reasons; ++n) many += "<au:Reason>b</au:Reason>";
  CHECK(code_of(changed(written, one, one + many)) == "edelivery.update.count");
  CHECK(code_of(changed(written, one, one + "<au:Reason><b/></au:Reason>")) == "edelivery.update.value");
  CHECK(code_of(changed(written, "</cu:CertificateUpdateRequest>",
                        "</cu:CertificateUpdateRequest><au:Reason>late</au:Reason>")) == "edelivery.update.unexpected");
}

TEST_CASE("each departure from the schema of an agreement update is refused and named") {
  auto const good = write_agreement_update(announced());
  auto const error = write_agreement_update(refused());
  struct row {
    std::string text, code;
  };
  std::vector<row> const wrong{
      {changed(good, "au:AgreementUpdateRequest", "au:AgreementTerminationRequest"), "edelivery.update.kind"},
      {changed(good, "AgreementUpdate/v1.0", "AgreementUpdate/v2.0"), "edelivery.update.kind"},
      {changed(good, "<au:ID>81ff47c6</au:ID>", ""), "edelivery.update.missing"},
      {changed(good, "<au:ID>81ff47c6</au:ID>", "<au:ID> </au:ID>"), "edelivery.update.value"},
      {changed(good, "<au:ID>81ff47c6</au:ID>", "<au:ID><b/></au:ID>"), "edelivery.update.value"},
      {changed(good, "81ff47c6", std::string(1025, 'x')), "edelivery.update.value"},
      {changed(good, "<au:ID>", "text<au:ID>"), "edelivery.update.unexpected"},
      {changed(good, "<au:ID>", "<au:ID more=\"1\">"), "edelivery.update.attribute"},
      {changed(good, "<au:ActivateBy>", "<au:RespondBy>2026-11-29T12:00:00Z</au:RespondBy><au:ActivateBy>"),
       "edelivery.update.missing"},
      {changed(good, "<au:CreatedAt>2026-11-22T12:00:00.000Z", "<au:CreatedAt>yesterday"), "edelivery.update.time"},
      {changed(good, "<au:CreatedAt>2026-11-22T12:00:00.000Z", "<au:CreatedAt>2026-11-22"), "edelivery.update.time"},
      {changed(good, "<au:CreatedAt>2026", "<au:CreatedAt>1926"), "edelivery.update.time"},
      {changed(good, "</cu:CertificateUpdateRequest>", "</cu:CertificateUpdateRequest><au:More/>"),
       "edelivery.update.unexpected"},
      {changed(error, " errorCode=\"AU:0006\"", ""), "edelivery.update.attribute"},
      {changed(error, "</au:Description>", "</au:Description><au:Description>b</au:Description>"),
       "edelivery.update.unexpected"},
      {changed(error, "Ten days at least", std::string(5000, 'x')), "edelivery.update.value"},
      {"<!DOCTYPE a [<!ENTITY b \"c\">]>" + good.substr(good.find('\n') + 1), "edelivery.header.doctype"},
      {good.substr(0, good.size() / 2), "edelivery.header.xml"},
      {"", "edelivery.header.xml"}};
  for (auto const& [text, code] : wrong) {
    INFO(text.substr(0, 400));
    CHECK(code_of(text) == code);
  }
}

TEST_CASE("a request needs an update, an exception an error, and neither may hold too many") {
  auto request = announced();
  auto const one = request.updates.front();
  request.updates.clear();
  CHECK(code_of(write_agreement_update(request)) == "edelivery.update.missing");
  request.updates = {one, one};
  CHECK(code_of(write_agreement_update(request)) == "edelivery.update.value");  // the same id twice
  request.updates.assign(most_updates + 1, one);
  for (std::size_t i = 0; i < request.updates.size(); ++i) request.updates[i].id = "u" + std::to_string(i);
  CHECK(code_of(write_agreement_update(request)) == "edelivery.update.count");
  request.updates.pop_back();
  CHECK(code_of(write_agreement_update(request)).empty());
  auto exception = refused();
  exception.errors.clear();
  CHECK(code_of(write_agreement_update(exception)) == "edelivery.update.missing");
  exception.errors.assign(most_update_errors + 1, refused().errors.front());
  CHECK(code_of(write_agreement_update(exception)) == "edelivery.update.count");
}

TEST_CASE("an agreement update beyond its limits is refused before it is parsed") {
  auto const good = write_agreement_update(announced());
  auto const padded = [&](std::string const& with) { return changed(good, "</au:AgreementUpdateRequest>", with); };
  CHECK(code_of(padded(std::string(300 * 1024, ' '))) == "edelivery.header.size");
  std::string deep;
  for (int n = 0; n < 20; ++n) deep += "<a>";
  CHECK(code_of(padded(deep)) == "edelivery.header.depth");
  std::string many;
  for (int n = 0; n < 1100; ++n) many += "<a/>";
  CHECK(code_of(padded(many)) == "edelivery.header.elements");
}

TEST_CASE("a digest is of one certificate, under the algorithms of the specification") {
  auto const& cert = sender().cert;
  CHECK(sha256_digest_of(cert).is_of(cert));
  CHECK(!sha256_digest_of(cert).is_of(next_sender().cert));
  auto digest = sha256_digest_of(cert);
  digest.algorithm = "http://www.w3.org/2000/09/xmldsig#sha1";
  CHECK(!digest.is_of(cert));
  digest.algorithm = "http://www.w3.org/2001/04/xmlenc#sha512";
  CHECK(!digest.is_of(cert));
}
