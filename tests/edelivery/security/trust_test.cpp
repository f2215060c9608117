#include "edelivery/security/trust.hpp"

#include "edelivery/run_program.hpp"
#include "edelivery/security/message.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string code_of(certificate const& signer, partner_trust const& trust, instant now = noon(),
                    std::vector<certificate> const& chain = {}) {
  auto const checked = check_signer(signer, chain, trust, now);
  return checked ? "" : checked.error().code;
}

}  // namespace

TEST_CASE("a pinned certificate is trusted, another of the same authority is not") {
  CHECK(code_of(sender().cert, {{sender().cert}, {}, ""}).empty());
  CHECK(code_of(sender().cert, {{stranger().cert, sender().cert}, {}, ""}).empty());
  CHECK(code_of(stranger().cert, {{sender().cert}, {}, ""}) == "edelivery.authentication.not_partner");
  CHECK(code_of(stranger().cert, {{sender().cert}, {authority().cert}, ""}) == "edelivery.authentication.not_partner");
}

TEST_CASE("an authority is trusted for the partner's subject only") {
  partner_trust const trust{{}, {authority().cert}, "cn=Sender, o=Tests, c=EU"};
  CHECK(code_of(sender().cert, trust).empty());
  CHECK(code_of(stranger().cert, trust) == "edelivery.authentication.not_partner");
  auto const other = issued("Other CA", certificate_use::authority, nullptr);
  auto const imitation = issued("sender", certificate_use::signing, &other);
  CHECK(code_of(imitation.cert, trust) == "edelivery.authentication.untrusted");
  CHECK(code_of(sender().cert, {{}, {other.cert, authority().cert}, trust.subject}).empty());
}

TEST_CASE("a chain through an intermediate authority is followed when the message brings it") {
  auto const between = issued("Between", certificate_use::authority, &authority());
  auto const leaf = issued("leaf", certificate_use::signing, &between);
  partner_trust const trust{{}, {authority().cert}, "CN=leaf,O=Tests,C=EU"};
  CHECK(code_of(leaf.cert, trust) == "edelivery.authentication.untrusted");
  CHECK(code_of(leaf.cert, trust, noon(), {between.cert}).empty());
  CHECK(code_of(leaf.cert, {{}, {between.cert}, trust.subject}).empty());
}

TEST_CASE("nothing configured means nobody trusted") {
  CHECK(code_of(sender().cert, {}) == "edelivery.authentication.untrusted");
  CHECK(code_of(sender().cert, {{}, {authority().cert}, ""}) == "edelivery.authentication.untrusted");
  CHECK(code_of(sender().cert, {{}, {}, "CN=sender,O=Tests,C=EU"}) == "edelivery.authentication.untrusted");
}

TEST_CASE("a certificate counts within its time and for its use only") {
  partner_trust const trust{{sender().cert}, {}, ""};
  auto const begin = sender().cert.not_before();
  auto const end = sender().cert.not_after();
  CHECK(code_of(sender().cert, trust, begin).empty());
  CHECK(code_of(sender().cert, trust, end).empty());
  CHECK(code_of(sender().cert, trust, begin - std::chrono::seconds(1)) == "edelivery.authentication.expired");
  CHECK(code_of(sender().cert, trust, end + std::chrono::seconds(1)) == "edelivery.authentication.expired");
  auto const sealing = issued("sealing", certificate_use::encryption, &authority());
  CHECK(code_of(sealing.cert, {{sealing.cert}, {}, ""}) == "edelivery.authentication.key_usage");
}

TEST_CASE("a message signed by anybody but the partner is refused, and so is one that only encrypts for us") {
  auto how = terms();
  how.trust.pinned = {stranger().cert};
  CHECK(refusal(sent(), how) == "edelivery.authentication.not_partner");
  how = terms();
  how.now = sender().cert.not_after() + std::chrono::hours(1);
  CHECK(refusal(sent(), how) == "edelivery.authentication.expired");
}

TEST_CASE("a certificate tells who, by whom, when and under which number") {
  auto const& cert = sender().cert;
  CHECK(cert.subject() == "CN=sender,O=Tests,C=EU");
  CHECK(cert.issuer() == "CN=Test CA,O=Tests,C=EU");
  CHECK(cert.serial().size() > 30);
  CHECK(cert.subject_key_identifier().size() == 20);
  CHECK(cert.fingerprint().size() == 64);
  CHECK(to_rfc3339(cert.not_before()) == "2026-01-01T00:00:00.000Z");
  CHECK(cert.valid_at(noon()));
  CHECK(cert.may_sign());
  CHECK_FALSE(cert.may_encipher_keys());
  CHECK(certificate::from_pem(cert.pem()).value() == cert);
  CHECK(certificate::from_der(cert.der()).value() == cert);
  CHECK_FALSE(certificate::from_der(cert.der() + "x"));
}

TEST_CASE("names are compared as names, not as texts") {
  auto const& cert = sender().cert;
  for (auto const* same :
       {"CN=sender,O=Tests,C=EU", "cn=SENDER, o=tests, c=eu", "2.5.4.3=sender,2.5.4.10=Tests,2.5.4.6=EU",
        "CN=\"sender\",O=Tests,C=EU", "CN=\\73ender,O=Tests,C=EU", "OID.2.5.4.3=sender,O=Tests,C=EU",
        "CN=#0C0673656E646572,O=Tests,C=EU", "CN=sender ,O= Tests,C=EU"}) {
    INFO(same);
    CHECK(cert.has_subject(same));
  }
  for (auto const* other :
       {"", "sender", "CN=sender", "C=EU,O=Tests,CN=sender", "CN=sender,O=Tests,C=EU,", "CN=sender\\",
        "CN=\"sender,O=Tests,C=EU", "CN=sender+O=Tests,C=EU", "CN=#05,O=Tests,C=EU", "X=sender"}) {
    INFO(other);
    CHECK_FALSE(cert.has_subject(other));
  }
}

TEST_CASE("a name with commas and letters of every kind survives its text form") {
  certificate_request request;
  request.common_name = "Soci\xC3\xA9t\xC3\xA9, \"Sant\xC3\xA9\" + Fils \\ Co";
  request.not_before = noon();
  request.rsa_bits = 2048;
  auto const made = issue_certificate(request);
  REQUIRE(made);
  CHECK(made->cert.has_subject(made->cert.subject()));
  CHECK(made->cert.has_issuer(made->cert.subject()));
}

TEST_CASE("unreadable certificate and key files are one clear problem each") {
  scratch_folder const folder;
  auto const cert_file = folder.write("cert.pem", sender().cert.pem());
  auto const der_file = folder.write("cert.der", sender().cert.der());
  auto const key_file = folder.write("key.pem", sender().key.pem());
  auto const other_key = folder.write("other.pem", receiver().key.pem());
  auto const garbage = folder.write("garbage", "-----BEGIN nothing");

  CHECK(load_credentials(cert_file, key_file));
  CHECK(load_credentials(der_file, key_file));
  auto const missing = certificate::load(folder / "missing.pem");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "edelivery.certificate.unreadable");
  CHECK(missing.error().where == (folder / "missing.pem").string());
  CHECK(certificate::load(garbage).error().code == "edelivery.certificate.unreadable");
  CHECK(certificate::load(key_file).error().code == "edelivery.certificate.unreadable");
  CHECK(private_key::load(garbage).error().code == "edelivery.key.unreadable");
  CHECK(private_key::load(cert_file).error().code == "edelivery.key.unreadable");
  CHECK(private_key::load(folder / "missing").error().code == "edelivery.key.unreadable");
  CHECK(load_credentials(cert_file, other_key).error().code == "edelivery.key.mismatch");
}

TEST_CASE("impossible certificates are not issued") {
  certificate_request request;
  request.not_before = noon();
  request.rsa_bits = 2048;
  auto const code = [&] {
    auto const made = issue_certificate(request);
    return made ? "" : made.error().code;
  };
  CHECK(code() == "edelivery.certificate.request");
  request.common_name = std::string(100, 'x');
  CHECK(code() == "edelivery.certificate.request");
  request.common_name = "server";
  request.use = certificate_use::tls_server;
  CHECK(code() == "edelivery.certificate.request");
  request.host = "127.0.0.2,DNS:elsewhere";
  CHECK(code() == "edelivery.certificate.request");
  request.host = "127.0.0.2";
  CHECK(code().empty());
  request.host = "node.example.eu";
  CHECK(code().empty());
  request.rsa_bits = 1024;
  CHECK(code() == "edelivery.certificate.request");
}
