// Key references: each kind that is accepted, and what is not.
#include "edelivery/security/token.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/message.hpp"
#include "edelivery/security/primitives.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

constexpr char const* x509 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";
constexpr char const* wss11 = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1";

// The first SecurityTokenReference of an envelope that has `token` in its security header.
result<resolved_token> resolved(std::string const& token, std::string const& reference,
                                std::vector<certificate> const& known = {sender().cert, receiver().cert}) {
  std::string const text =
      "<S:Envelope xmlns:S='" + std::string(ns::soap) + "' xmlns:e='" + std::string(ns::ebms) + "' xmlns:wsse='" +
      std::string(ns::wsse) + "' xmlns:wsu='" + std::string(ns::wsu) + "' xmlns:ds='" + std::string(ns::ds) +
      "'><S:Header><wsse:Security>" + token + "<wsse:SecurityTokenReference>" + reference +
      "</wsse:SecurityTokenReference></wsse:Security><e:Messaging/></S:Header><S:Body/></S:Envelope>";
  auto const envelope = parse_envelope(text);
  REQUIRE(envelope);
  return resolve_token(*envelope, *envelope->security()->child(ns::wsse, "SecurityTokenReference"), known);
}

std::string binary_token(std::string const& type, std::string const& bytes) {
  return "<wsse:BinarySecurityToken wsu:Id='t' ValueType='" + std::string(x509) + type + "'>" + to_base64(bytes) +
         "</wsse:BinarySecurityToken>";
}

std::string der_sequence(std::string const& content) {
  std::string const size = {static_cast<char>(content.size() >> 8), static_cast<char>(content.size() & 0xff)};
  return "\x30\x82" + size + content;
}

std::string const to_t = "<wsse:Reference URI='#t'/>";

std::string key_identifier_text(std::string const& type, std::string const& bytes) {
  return "<wsse:KeyIdentifier ValueType='" + type + "'>" + to_base64(bytes) + "</wsse:KeyIdentifier>";
}

std::string issuer_serial_text(std::string const& issuer, std::string const& serial) {
  return "<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>" + issuer +
         "</ds:X509IssuerName><ds:X509SerialNumber>" + serial +
         "</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>";
}

}  // namespace

TEST_CASE("a certificate inside the message is taken from there, alone or at the end of a path") {
  CHECK(resolved(binary_token("#X509v3", sender().cert.der()), to_t)->cert == sender().cert);
  auto const path =
      resolved(binary_token("#X509PKIPathv1", der_sequence(authority().cert.der() + sender().cert.der())), to_t);
  REQUIRE(path);
  CHECK(path->cert == sender().cert);
  REQUIRE(path->chain.size() == 1);
  CHECK(path->chain[0] == authority().cert);
}

TEST_CASE("base64 with line breaks and character references is accepted") {
  auto text = to_base64(sender().cert.der());
  text.insert(64, "&#13;\n");
  text.insert(0, "\n  ");
  auto const token = "<wsse:BinarySecurityToken wsu:Id='t' ValueType='" + std::string(x509) + "#X509v3'>" + text +
                     "</wsse:BinarySecurityToken>";
  CHECK(resolved(token, to_t)->cert == sender().cert);
}

TEST_CASE("an identifier finds its certificate among those known") {
  auto const& cert = receiver().cert;
  auto const ski = key_identifier(cert);
  CHECK(resolved("", key_identifier_text(x509 + std::string("#X509SubjectKeyIdentifier"), ski))->cert == cert);
  CHECK(resolved("", key_identifier_text(wss11 + std::string("#ThumbprintSHA1"), sha1(cert.der())))->cert == cert);
  CHECK(resolved("", "<ds:X509Data><ds:X509SKI>" + to_base64(ski) + "</ds:X509SKI></ds:X509Data>")->cert == cert);
  CHECK(resolved("", issuer_serial_text(cert.issuer(), cert.serial()))->cert == cert);
  CHECK(resolved("", issuer_serial_text("cn=test ca, o=TESTS, c=eu", "\n" + cert.serial() + " "))->cert == cert);
}

TEST_CASE("identifiers of nobody known find nobody") {
  auto const& cert = receiver().cert;
  auto const& known = std::vector{sender().cert};
  auto const ski = x509 + std::string("#X509SubjectKeyIdentifier");
  CHECK_FALSE(resolved("", key_identifier_text(ski, key_identifier(cert)), known));
  CHECK_FALSE(resolved("", issuer_serial_text(cert.issuer(), cert.serial()), known));
  CHECK_FALSE(resolved("", issuer_serial_text("CN=Other CA", cert.serial())));
  CHECK_FALSE(resolved("", issuer_serial_text(cert.issuer(), "0" + cert.serial())));
}

TEST_CASE("key references that are damaged or of a kind that is not accepted are refused with one code") {
  auto const good = binary_token("#X509v3", sender().cert.der());
  auto const der = sender().cert.der();
  struct refused {
    std::string token;
    std::string reference;
  };
  refused const cases[] = {
      {good, "<wsse:Reference URI='#nowhere'/>"},
      {good, "<wsse:Reference URI='t'/>"},
      {good, "<wsse:Reference/>"},
      {good, to_t + to_t},
      {good, ""},
      {good, "<wsse:Embedded/>"},
      {"<wsse:Other wsu:Id='t'/>", to_t},
      {"<x>" + good + "</x>", to_t},
      {binary_token("#X509v3", "no certificate"), to_t},
      {binary_token("#X509v3", der + "x"), to_t},
      {binary_token("#X509v3", ""), to_t},
      {binary_token("#PKCS7", der), to_t},
      {binary_token("#X509PKIPathv1", der_sequence("")), to_t},
      {binary_token("#X509PKIPathv1", der), to_t},
      {binary_token("#X509PKIPathv1", der_sequence(der) + "x"), to_t},
      {binary_token("#X509PKIPathv1", der_sequence(der).substr(0, 100)), to_t},
      {binary_token("#X509PKIPathv1", der_sequence(der + "x")), to_t},
      {"<wsse:BinarySecurityToken wsu:Id='t' ValueType='" + std::string(x509) +
           "#X509v3'>%%</wsse:BinarySecurityToken>",
       to_t},
      {"<wsse:BinarySecurityToken wsu:Id='t' EncodingType='hex' ValueType='" + std::string(x509) + "#X509v3'>" +
           to_base64(der) + "</wsse:BinarySecurityToken>",
       to_t},
      {"", key_identifier_text(wss11 + std::string("#Kerberos"), "x")},
      {"", key_identifier_text(x509 + std::string("#X509SubjectKeyIdentifier"), "")},
      {"", "<ds:X509Data/>"},
      {"", "<ds:X509Data><ds:X509Certificate>" + to_base64(der) + "</ds:X509Certificate></ds:X509Data>"},
      {"", "<ds:X509Data><ds:X509SKI>%%</ds:X509SKI></ds:X509Data>"},
      {"",
       "<ds:X509Data><ds:X509IssuerSerial><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></"
       "ds:X509Data>"},
      {"", "<ds:KeyName>sender</ds:KeyName>"},
  };
  for (auto const& each : cases) {
    INFO(each.token.substr(0, 200) << " " << each.reference);
    auto const done = resolved(each.token, each.reference);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "edelivery.policy.token");
  }
}

TEST_CASE("a token of the message outside its security header is no token") {
  auto const message = sent();
  auto const token = cut_out(message.soap, "<wsse:BinarySecurityToken", "</wsse:BinarySecurityToken>");
  auto moved = message;
  moved.soap = replaced(replaced(message.soap, token, ""), "<S12:Header>", "<S12:Header>" + token);
  CHECK(refusal(moved) == "edelivery.policy.token");
}
