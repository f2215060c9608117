// Each profile as data: what is written is what the specification names, and what was written opens.
#include "base/bytes.hpp"
#include "edelivery/security/captured_message.hpp"
#include "edelivery/security/profile_message.hpp"
#include "edelivery/security/security_header.hpp"
#include "shared_samples.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

// Element names with their algorithms, types and curves; Ids, references and values are left out.
void outline(xml::node at, std::size_t depth, std::string& into) {
  into += std::string(2 * depth, ' ') + std::string(at.name());
  for (auto const* name : {"Algorithm", "Type", "MimeType", "EncodingType", "ValueType", "TokenType"}) {
    auto const value = at.attribute(name).value_or(at.attribute(name, ns::wsse11).value_or(""));
    if (!value.empty()) into += " " + std::string(name) + "=" + value;
  }
  if (at.is(ns::dsig11, "NamedCurve")) into += " URI=" + at.attribute("URI").value_or("");
  if (at.is(ns::dsig_more, "KeyLength")) into += " " + at.text();
  into += "\n";
  for (auto const child : at.children()) outline(child, depth + 1, into);
}

std::string outline_of(xml::node at) {
  std::string text;
  outline(at, 0, text);
  return text;
}

// EHDS_ACCEPT=1 writes what is seen.
void check_golden(std::string const& name, std::string const& seen) {
  auto const file = std::filesystem::path(EHDS_SOURCE_DIR) / "tests/edelivery/security/golden" / name;
  if (std::getenv("EHDS_ACCEPT") != nullptr) std::ofstream(file) << seen;
  CHECK(file_content(file) == seen);
}

xml::node first_key(parsed_envelope const& envelope) { return *envelope.security()->child(ns::xenc, "EncryptedKey"); }

}  // namespace

TEST_CASE("the profiles name exactly the algorithms of the specification") {
  std::string seen;
  for (auto const& id : security_profile_ids()) {
    auto const profile = find_security_profile(id).value();
    seen += profile.id + "\n  " + profile.signature + "\n  " + profile.digest + "\n  " + profile.canonicalization +
            "\n  " + profile.attachment_transform + "\n  " + profile.content_encryption + "\n";
    auto const& key = profile.key_encryption;
    for (auto const& part : {key.method, key.digest, key.mask, key.agreement, key.derivation, key.prf}) {
      if (!part.empty()) seen += "  " + part + "\n";
    }
    for (auto const& each : profile.also_accepted.signatures) seen += "  also " + each + "\n";
    for (auto const& each : profile.also_accepted.content_encryptions) seen += "  also " + each + "\n";
    for (auto const& each : profile.also_accepted.key_encryptions) {
      seen += "  also " + each.method + " " + each.digest + " " + each.mask + "\n";
    }
  }
  check_golden("profiles.txt", seen);
  CHECK_FALSE(find_security_profile("edelivery-2.0"));
  CHECK(edelivery_2_0_eddsa().encryption == payload_encryption::required);
}

TEST_CASE("the security header has the structure of its profile") {
  for (auto const& profile : every_profile()) {
    auto const envelope = parse_envelope(sent_under(profile).soap).value();
    check_golden(profile.id + ".txt", outline_of(*envelope.security()));
  }
}

TEST_CASE("an encrypted key looks as the Java peers write it", "[samples]") {
  auto const folder = ehds::tests::shared_sample("as4-samples/wss4j-generated/good");
  if (!folder) return;
  for (auto const& [name, profile] : {std::pair("ed1-rsa-issuerserial.mime", edelivery_1_15_rsa()),
                                      std::pair("ed2-eddsa-bst.mime", edelivery_2_0_eddsa()),
                                      std::pair("ed2-ecdsa-bst.mime", edelivery_2_0_ecdsa())}) {
    INFO(name);
    auto ours = profile;
    if (profile.encryption_key == key_kind::rsa) ours.encryption_token = token_reference::issuer_serial;
    auto const message = captured(*folder / name);
    auto const theirs = parse_envelope(message.soap).value();
    auto const made = parse_envelope(sent_under(ours).soap).value();
    CHECK(outline_of(first_key(made)) == outline_of(first_key(theirs)));
  }
}

TEST_CASE("a message opens under its profile, with the parts that were sent") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    auto const message = sent_under(profile);
    auto const done = opened(message, terms_under(profile));
    if (!done) FAIL(to_text(done.error()));
    CHECK(done->signer == party_of(profile, "sender").signing.cert);
    REQUIRE(done->parts.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) CHECK(done->parts[i].body == two_parts()[i].body);
    CHECK(check_acknowledged(message.references, done->references));
  }
}

TEST_CASE("every attempt has a fresh key, and the same signature") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    auto const once = sign(header_text, two_parts(), profile, party_of(profile, "sender").signing).value();
    auto const& recipient = party_of(profile, "receiver").decryption.cert;
    auto const first = encrypt(once, profile, recipient).value();
    auto const second = encrypt(once, profile, recipient).value();
    auto const value = [](secured_message const& of) {
      return cut_out(of.soap, "<xenc:CipherValue>", "</xenc:CipherValue>");
    };
    CHECK(value(first) != value(second));
    if (profile.encryption_key != key_kind::rsa) {
      auto const originator = [](secured_message const& of) {
        return cut_out(of.soap, "<xenc:OriginatorKeyInfo", "</xenc:OriginatorKeyInfo>");
      };
      CHECK(originator(first) != originator(second));
    }
    CHECK(check_acknowledged(opened(first, terms_under(profile))->references,
                             opened(second, terms_under(profile))->references));
  }
}

TEST_CASE("every kind of key reference of every profile can be sent and resolved") {
  constexpr token_reference kinds[] = {token_reference::binary_security_token, token_reference::pki_path,
                                       token_reference::subject_key_identifier, token_reference::issuer_serial,
                                       token_reference::thumbprint};
  for (auto profile : every_profile()) {
    for (auto const signing : kinds) {
      for (auto const encryption : kinds) {
        profile.signing_token = signing;
        profile.encryption_token = encryption;
        CHECK(refusal(sent_under(profile), terms_under(profile)).empty());
      }
    }
  }
}

TEST_CASE("a path of certificates leads to the authority, and only the token that carries it can") {
  auto profile = edelivery_2_0_eddsa();
  certificate_request between;
  between.common_name = "Between";
  between.use = certificate_use::authority;
  between.not_before = parse_rfc3339("2026-01-01T00:00:00Z").value();
  between.key = key_kind::elliptic_curve;
  auto const middle = issue_certificate(between, &authority()).value();
  certificate_request request = between;
  request.common_name = "far signer";
  request.use = certificate_use::signing;
  request.key = key_kind::ed25519;
  auto const signer = issue_certificate(request, &middle).value();
  REQUIRE(signer.chain.size() == 2);

  auto how = terms_under(profile);
  how.trust = {{}, {authority().cert}, signer.cert.subject()};
  auto const by = [&](token_reference kind) {
    profile.signing_token = kind;
    return refusal(sign(header_text, {}, profile, signer).value(), how);
  };
  CHECK(by(token_reference::pki_path).empty());
  CHECK(by(token_reference::binary_security_token) == "edelivery.authentication.untrusted");
  CHECK(by(token_reference::thumbprint) == "edelivery.policy.token");
}

TEST_CASE("larger curves and the brainpool curve serve the profile of curves") {
  auto const profile = edelivery_2_0_ecdsa();
  for (auto const* curve : {"P-384", "P-521", "brainpoolP256r1"}) {
    INFO(curve);
    auto const sign_with = issued_for("curve signer", key_kind::elliptic_curve, certificate_use::signing, curve);
    auto const ours = issued_for("curve receiver", key_kind::elliptic_curve, certificate_use::encryption, curve);
    auto const message = secure(header_text, two_parts(), profile, sign_with, ours.cert).value();
    opening how{profile, {{sign_with.cert}, {}, ""}, {ours}, noon()};
    CHECK(refusal(message, how).empty());
  }
  auto const odd = issued_for("odd", key_kind::elliptic_curve, certificate_use::signing, "secp256k1");
  CHECK(sign(header_text, {}, profile, odd).error().code == "edelivery.sign.key");
  auto const odd_receiver = issued_for("odd", key_kind::elliptic_curve, certificate_use::encryption, "secp256k1");
  auto const signed_once = sign(header_text, two_parts(), profile, party_of(profile, "sender").signing).value();
  CHECK(encrypt(signed_once, profile, odd_receiver.cert).error().code == "edelivery.encrypt.key");
}

TEST_CASE("a profile neither signs nor encrypts with another kind of key, and says which it needs") {
  for (auto const& profile : every_profile()) {
    for (auto const& other : every_profile()) {
      if (profile.id == other.id) continue;
      INFO(profile.id << " with keys of " << other.id);
      auto const refused = sign(header_text, {}, profile, party_of(other, "sender").signing);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code == "edelivery.sign.key");
      CHECK(refused.error().detail.find(name_of(profile.signing_key)) != std::string::npos);
      auto const once = sign(header_text, two_parts(), profile, party_of(profile, "sender").signing).value();
      auto const sealed = encrypt(once, profile, party_of(other, "receiver").decryption.cert);
      REQUIRE_FALSE(sealed);
      CHECK(sealed.error().code == "edelivery.encrypt.key");
      CHECK(sealed.error().where.find(party_of(other, "receiver").decryption.cert.key_text()) != std::string::npos);
    }
  }
}
