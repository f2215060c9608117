// The new certificate in ds:KeyInfo, as Agreement Update narrows it down.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/certificate_update/updates.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string good() { return write_agreement_update(announced()); }

// Something more in front of the certificate, or in front of X509Data.
std::string beside_certificate(std::string const& more) {
  return changed(good(), "<ds:X509Data>", "<ds:X509Data>" + more);
}
std::string beside_data(std::string const& more) { return changed(good(), "<ds:KeyInfo>", "<ds:KeyInfo>" + more); }

std::string digest_element(certificate_digest const& digest) {
  return "<dsig11:X509Digest Algorithm=\"" + digest.algorithm + "\">" + to_base64(digest.value) +
         "</dsig11:X509Digest>";
}

}  // namespace

TEST_CASE("a new certificate may come with its name, its key, its digest and its chain in any order") {
  auto const digest = digest_element(sha256_digest_of(next_sender().cert));
  CHECK(code_of(beside_certificate("<ds:X509SubjectName>CN=sender</ds:X509SubjectName>")).empty());
  CHECK(code_of(beside_certificate(digest)).empty());
  CHECK(
      code_of(beside_data("<ds:KeyName>sender 2027</ds:KeyName><ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>")).empty());
  auto const turned =
      read_agreement_update(write_agreement_update(announced(sender().cert, {authority().cert, next_sender().cert})));
  REQUIRE(turned);
  auto const& update = std::get<agreement_update_request>(*turned).updates.front();
  CHECK(update.next() == next_sender().cert);
  CHECK(update.certificates.back() == authority().cert);
}

TEST_CASE("a key that would have to be fetched, or of another kind, is refused") {
  for (auto const* const name : {"RetrievalMethod", "PGPData", "MgmtData", "SPKIData", "X509Data"}) {
    INFO(name);
    CHECK(code_of(beside_data("<ds:" + std::string(name) + "/>")) == "edelivery.update.unexpected");
  }
  for (auto const* const name : {"X509IssuerSerial", "X509CRL", "X509SKI"}) {
    INFO(name);
    CHECK(code_of(beside_certificate("<ds:" + std::string(name) + "/>")) == "edelivery.update.unexpected");
  }
  auto const twice = [](std::string const& element) { return element + element; };
  CHECK(code_of(beside_data(twice("<ds:KeyName>a</ds:KeyName>"))) == "edelivery.update.unexpected");
  CHECK(code_of(beside_data(twice("<ds:KeyValue/>"))) == "edelivery.update.unexpected");
  CHECK(code_of(beside_certificate(twice("<ds:X509SubjectName>a</ds:X509SubjectName>"))) ==
        "edelivery.update.unexpected");
}

TEST_CASE("certificates that cannot be read, or are no chain, are refused") {
  auto const base64 = to_base64(next_sender().cert.der());
  auto const damaged = changed(good(), base64, base64.substr(0, base64.size() - 40));
  CHECK(code_of(damaged) == "edelivery.update.certificate");
  CHECK(code_of(changed(good(), base64, "%%%")) == "edelivery.update.certificate");
  CHECK(code_of(changed(good(), base64, "")) == "edelivery.update.value");
  CHECK(code_of(changed(good(), base64, std::string(30 * 1024, 'A'))) == "edelivery.update.value");
  auto const with = [](std::vector<certificate> all) {
    return code_of(write_agreement_update(announced(sender().cert, std::move(all))));
  };
  CHECK(with({}) == "edelivery.update.missing");
  CHECK(with({next_sender().cert, next_sender().cert}) == "edelivery.update.certificate");
  CHECK(with({next_sender().cert, stranger().cert}) == "edelivery.update.certificate");
  CHECK(with(std::vector<certificate>(most_update_certificates + 1, next_sender().cert)) == "edelivery.update.count");
}

TEST_CASE("a digest beside the new certificate is the digest of it") {
  auto const of_next = digest_element(sha256_digest_of(next_sender().cert));
  CHECK(code_of(beside_certificate(digest_element(sha256_digest_of(stranger().cert)))) ==
        "edelivery.update.certificate");
  CHECK(code_of(beside_certificate(of_next + of_next)) == "edelivery.update.certificate");
}

TEST_CASE("the certificate that is replaced is named by one digest") {
  auto const named = "<cu:CurrentCertificateIdentifier>";
  CHECK(code_of(changed(good(), named, std::string(named) + "<ds:X509SubjectName>a</ds:X509SubjectName>")) ==
        "edelivery.update.missing");
  CHECK(code_of(changed(good(), "</cu:CurrentCertificateIdentifier>",
                        digest_element(sha256_digest_of(sender().cert)) + "</cu:CurrentCertificateIdentifier>")) ==
        "edelivery.update.unexpected");
  CHECK(code_of(changed(good(), " Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"", "")) ==
        "edelivery.update.attribute");
  CHECK(code_of(changed(good(), to_base64(sha256(sender().cert.der())), "%")) == "edelivery.update.value");
  CHECK(code_of(changed(good(), " id=\"u1\"", "")) == "edelivery.update.attribute");
}
