// Certificate policies (RFC 5280, 6.1) and key usage, with certificates that OpenSSL's own program issued.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "edelivery/keys.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/run_program.hpp"
#include "edelivery/security/request.hpp"
#include "edelivery/security/trust.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;
using nlohmann::json;

namespace {

// A certificate of `issuer`'s for a fresh key, with these extension lines.
credentials certified(credentials const& issuer, std::string const& name, std::string const& extensions,
                      key_kind key = key_kind::rsa) {
  scratch_folder const folder;
  asked_certificate asked;
  asked.subject = "CN=" + name + ",O=Tests,C=EU";
  asked.key = key;
  auto made = request_certificate(asked).value();
  folder.write("ca.pem", issuer.cert.pem());
  folder.write("ca.key", issuer.key.pem());
  folder.write("it.csr", made.pem);
  folder.write("it.cnf", extensions + "\n");
  auto const at = [&](char const* file) { return (folder / file).string(); };
  auto const command = "openssl x509 -req -in " + at("it.csr") + " -CA " + at("ca.pem") + " -CAkey " + at("ca.key") +
                       " -CAcreateserial -days 30 -extfile " + at("it.cnf") + " -out " + at("it.pem") +
                       " >/dev/null 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  return {certificate::load(folder / "it.pem").value(), std::move(made.key)};
}

std::string code_of_usage(certificate const& signer, partner_trust trust, std::vector<certificate> const& chain = {}) {
  trust.subject = signer.subject();
  auto const checked = check_signer(signer, chain, trust, signer.not_before() + std::chrono::hours{1});
  return checked ? "accepted" : checked.error().code.substr(std::string{"edelivery.authentication."}.size());
}

std::string read_with(certificate const& sign, certificate const& encrypt, std::string const& profile) {
  json const mode{{"id", "a"},
                  {"service", {{"value", "urn:s"}}},
                  {"us", {{"id", "FR"}}},
                  {"partner", {{"id", "EU"}}},
                  {"address", "https://eu.example/as4"},
                  {"security", {{"profile", profile}}},
                  {"certificates", {{"partner_signing", {"sign"}}, {"partner_encryption", "encrypt"}}}};
  auto const book = read_pmodes(json{{"pmodes", {mode}}}.dump(), [&](std::string const& path) -> result<std::string> {
    return path == "sign" ? sign.pem() : encrypt.pem();
  });
  return book ? "accepted" : book.error().front().where;
}

}  // namespace

TEST_CASE("a certificate must be issued under a policy that the P-Mode asks for, and its chain too") {
  auto const between_any =
      certified(authority(), "Between", "basicConstraints=CA:TRUE\ncertificatePolicies=2.5.29.32.0");
  auto const between_none = certified(authority(), "Without", "basicConstraints=CA:TRUE");
  auto const with = certified(authority(), "with", "certificatePolicies=1.3.6.1.4.1.99.1,1.3.6.1.4.1.99.2");
  auto const without = certified(authority(), "without", "keyUsage=digitalSignature");
  auto const below = certified(between_any, "below", "certificatePolicies=1.3.6.1.4.1.99.1");
  auto const below_none = certified(between_none, "below none", "certificatePolicies=1.3.6.1.4.1.99.1");
  partner_trust trust{{}, {authority().cert}, ""};
  CHECK(code_of_usage(without.cert, trust) == "accepted");
  trust.policies = {"1.3.6.1.4.1.99.1"};
  CHECK(code_of_usage(with.cert, trust) == "accepted");
  CHECK(code_of_usage(without.cert, trust) == "policies");
  CHECK(code_of_usage(below.cert, trust, {between_any.cert}) == "accepted");
  CHECK(code_of_usage(below_none.cert, trust, {between_none.cert}) == "policies");
  trust.policies = {"1.3.6.1.4.1.99.7", "1.3.6.1.4.1.99.2"};
  CHECK(code_of_usage(with.cert, trust) == "accepted");
  CHECK(code_of_usage(below.cert, trust, {between_any.cert}) == "policies");
  // Pinned, without an authority: the certificate's own word.
  CHECK(code_of_usage(with.cert, {{with.cert}, {}, "", "", {"1.3.6.1.4.1.99.2"}}) == "accepted");
  CHECK(code_of_usage(with.cert, {{with.cert}, {}, "", "", {"1.3.6.1.4.1.99.3"}}) == "policies");
  CHECK(code_of_usage(without.cert, {{without.cert}, {}, "", "", {"1.3.6.1.4.1.99.2"}}) == "policies");
}

TEST_CASE("a policy is asked for by its object identifier") {
  for (auto const* good : {"1.3.6.1.4.1.99.1", "2.5.29.32.0", "0.4.0.194112.1.3"}) CHECK(is_policy_oid(good));
  for (auto const* bad : {"", "1", "commonName", "1.3.6.", "1.3.x", "3.1.2", "1.3.6.1 "}) {
    INFO(bad);
    CHECK_FALSE(is_policy_oid(bad));
  }
}

TEST_CASE("who signs needs digitalSignature or nonRepudiation, or no key usage at all") {
  for (auto const& [usage, code] :
       std::vector<std::pair<std::string, std::string>>{{"keyUsage=digitalSignature", "accepted"},
                                                        {"keyUsage=critical,nonRepudiation", "accepted"},
                                                        {"keyUsage=digitalSignature,keyEncipherment", "accepted"},
                                                        {"basicConstraints=CA:FALSE", "accepted"},
                                                        {"keyUsage=keyEncipherment", "key_usage"},
                                                        {"keyUsage=keyAgreement", "key_usage"},
                                                        {"keyUsage=dataEncipherment", "key_usage"},
                                                        {"keyUsage=keyCertSign,cRLSign", "key_usage"}}) {
    INFO(usage);
    auto const signer = certified(authority(), "signer", usage, key_kind::elliptic_curve);
    CHECK(code_of_usage(signer.cert, {{signer.cert}, {}, ""}) == code);
    CHECK(signer.cert.may_sign() == (code == "accepted"));
  }
}

TEST_CASE("an RSA key is encrypted for by keyEncipherment, a curve by keyAgreement") {
  struct row {
    std::string usage;
    bool rsa, curve;
  };
  for (auto const& [usage, rsa, curve] : std::vector<row>{{"keyUsage=keyEncipherment", true, false},
                                                          {"keyUsage=keyAgreement", false, true},
                                                          {"keyUsage=keyEncipherment,keyAgreement", true, true},
                                                          {"keyUsage=dataEncipherment", false, false},
                                                          {"keyUsage=digitalSignature", false, false},
                                                          {"basicConstraints=CA:FALSE", true, true}}) {
    INFO(usage);
    CHECK(certified(authority(), "r", usage).cert.may_encipher_keys() == rsa);
    CHECK(certified(authority(), "c", usage, key_kind::elliptic_curve).cert.may_encipher_keys() == curve);
  }
}

TEST_CASE("a P-Mode with a certificate whose key usage does not fit is refused when it is read") {
  auto const both = issued("both", certificate_use::signing_and_encryption, &authority());
  auto const sign = issued("sign", certificate_use::signing, &authority());
  auto const encrypt = issued("encrypt", certificate_use::encryption, &authority());
  auto const place = std::string{"/pmodes/0/certificates/"};
  CHECK(read_with(both.cert, both.cert, "edelivery-1.15-rsa") == "accepted");
  CHECK(read_with(sign.cert, encrypt.cert, "edelivery-1.15-rsa") == "accepted");
  CHECK(read_with(encrypt.cert, encrypt.cert, "edelivery-1.15-rsa") == place + "partner_signing");
  CHECK(read_with(sign.cert, sign.cert, "edelivery-1.15-rsa") == place + "partner_encryption");
}

TEST_CASE("a P-Mode says under which policies and by which lists its partner's certificates are judged") {
  auto const read = [](char const* more, bool named = true) {
    json mode{{"id", "a"},
              {"direction", "receive"},
              {"service", {{"value", "urn:s"}}},
              {"us", {{"id", "FR"}}},
              {"partner", {{"id", "EU"}}},
              {"certificates", {{"partner_signing", {"sign"}}}}};
    if (named) mode["certificates"]["authorities"] = {"sign"};
    mode["certificates"].merge_patch(json::parse(more));
    auto const book = read_pmodes(json{{"pmodes", {mode}}}.dump(),
                                  [](std::string const&) -> result<std::string> { return sender().cert.pem(); });
    if (!book) return book.error().front().code + " " + book.error().front().where.substr(22);
    auto const& trust = book->all().front().trust;
    return std::to_string(trust.policies.size()) + " " + std::to_string(trust.revocation.lists.size()) +
           (trust.revocation.policy == revocation_policy::hard ? " hard" : " soft");
  };
  CHECK(read("{}") == "0 0 hard");
  CHECK(read(R"({"certificate_policies": ["1.2.3", "1.2.4"]})") == "2 0 hard");
  CHECK(read(R"({"certificate_policies": ["commonName"]})") == "edelivery.pmode.value /certificate_policies");
  CHECK(read(R"({"revocation": {"lists": ["http://a/b", "c.crl"]}})") == "0 2 hard");
  CHECK(read(R"({"revocation": {"lists": ["http://a/b"], "policy": "soft"}})") == "0 1 soft");
  CHECK(read(R"({"revocation": {"lists": ["http://a/b"], "policy": "kind"}})") ==
        "edelivery.pmode.value /revocation/policy");
  CHECK(read(R"({"revocation": {"lists": []}})") == "edelivery.pmode.value /revocation/lists");
  CHECK(read(R"({"revocation": {"lists": [""]}})") == "edelivery.pmode.value /revocation/lists");
  CHECK(read(R"({"revocation": {"lists": ["a"], "delta": true}})") == "edelivery.pmode.unknown_key /revocation/delta");
  CHECK(read(R"({"revocation": {"lists": ["http://a/b"]}})", false) == "edelivery.pmode.missing /revocation/lists");
}
