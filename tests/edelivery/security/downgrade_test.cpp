// What somebody in between, or a partner with other habits, could try under each profile: every try is refused, and the
// operator reads why.
#include "base/bytes.hpp"
#include "edelivery/security/key_agreement.hpp"
#include "edelivery/security/openssl.hpp"
#include "edelivery/security/profile_message.hpp"

#include <catch2/catch.hpp>

#include <openssl/ec.h>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string replaced_everywhere(std::string text, std::string_view what, std::string_view with) {
  if (text.find(what) == std::string::npos) throw std::runtime_error("not in the message: " + std::string(what));
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// One good message of a profile, changed.
struct attack {
  security_profile profile;
  secured_message good = sent_under(profile);

  std::string soap_refused(std::string soap) const {
    auto changed = good;
    changed.soap = std::move(soap);
    return refusal(changed, terms_under(profile));
  }
  std::string with(std::string_view what, std::string_view instead) const {
    return soap_refused(replaced(good.soap, what, instead));
  }
  std::string with_all(std::string_view what, std::string_view instead) const {
    return soap_refused(replaced_everywhere(good.soap, what, instead));
  }
  std::string without(std::string_view from, std::string_view to) const {
    return with(cut_out(good.soap, from, to), "");
  }
  std::string with_value(std::string const& element, std::string const& bytes) const {
    auto const open = "<" + element + ">";
    auto const close = "</" + element + ">";
    return with(cut_out(good.soap, open, close), open + to_base64(bytes) + close);
  }
  std::string value(std::string const& element) const {
    auto const text = cut_out(good.soap, "<" + element + ">", "</" + element + ">");
    return from_base64(text.substr(element.size() + 2, text.size() - 2 * element.size() - 5)).value();
  }
};

std::string der_of_x25519(std::string const& point) { return from_hex("302a300506032b656e032100").value() + point; }

std::string public_key_of(certificate const& cert) {
  unsigned char* out = nullptr;
  int const size = i2d_PUBKEY(X509_get0_pubkey(cert.handle()), &out);
  openssl::owner<unsigned char> const owned(out);
  return {reinterpret_cast<char const*>(out), static_cast<std::size_t>(size)};
}

std::vector<security_profile> agreeing() { return {edelivery_2_0_eddsa(), edelivery_2_0_ecdsa()}; }

}  // namespace

TEST_CASE("a message of one profile is refused under the P-Mode of another, with both algorithms named") {
  for (auto const& sent : every_profile()) {
    for (auto const& wanted : every_profile()) {
      if (sent.id == wanted.id) continue;
      INFO(sent.id << " under " << wanted.id);
      // Even when the certificates of both are trusted and at hand.
      auto how = terms_under(wanted);
      how.trust.pinned.push_back(party_of(sent, "sender").signing.cert);
      how.decryption.push_back(party_of(sent, "receiver").decryption);
      auto const done = opened(sent_under(sent), how);
      REQUIRE_FALSE(done);
      CHECK(done.error().code == "edelivery.policy.algorithm");
      CHECK(done.error().detail.find(sent.signature) != std::string::npos);
      CHECK(done.error().detail.find(wanted.signature) != std::string::npos);
      CHECK(done.error().detail.find(wanted.id) != std::string::npos);
    }
  }
}

TEST_CASE("a good signature does not excuse another profile's encryption") {
  auto const modern = edelivery_2_0_eddsa();
  auto const curves = edelivery_2_0_ecdsa();
  auto const& sender = party_of(modern, "sender").signing;
  auto const once = sign(header_text, two_parts(), modern, sender).value();
  for (auto const& other : {edelivery_1_15_rsa(), curves}) {
    INFO(other.id);
    auto const sealed = encrypt(once, other, party_of(other, "receiver").decryption.cert).value();
    auto how = terms_under(modern);
    how.decryption.push_back(party_of(other, "receiver").decryption);
    CHECK(refusal(sealed, how) == "edelivery.policy.algorithm");
  }
  // The P-Mode's agreement with a certificate of ours that the profile does not foresee.
  auto mixed = modern;
  mixed.encryption_key = key_kind::elliptic_curve;
  auto const sealed = encrypt(once, mixed, party_of(curves, "receiver").decryption.cert).value();
  auto how = terms_under(modern);
  how.decryption.push_back(party_of(curves, "receiver").decryption);
  CHECK(refusal(sealed, how) == "edelivery.policy.algorithm");
}

TEST_CASE("weak or foreign algorithms are refused in every place of every profile") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    attack const on{profile};
    CHECK(on.with_all(profile.signature + "\"", "http://www.w3.org/2000/09/xmldsig#rsa-sha1\"") ==
          "edelivery.policy.algorithm");
    CHECK(on.with_all(profile.signature + "\"", "http://www.w3.org/2000/09/xmldsig#hmac-sha1\"") ==
          "edelivery.policy.algorithm");
    CHECK(on.with("2001/04/xmlenc#sha256\"></ds:DigestMethod", "2000/09/xmldsig#sha1\"></ds:DigestMethod") ==
          "edelivery.policy.algorithm");
    CHECK(on.with_all("2009/xmlenc11#aes128-gcm", "2001/04/xmlenc#aes128-cbc") == "edelivery.policy.algorithm");
    CHECK(on.with_all("xmlenc11#aes128-gcm", "xmlenc11#aes256-gcm") == "edelivery.policy.algorithm");
    CHECK(on.with_all(profile.key_encryption.method, "http://www.w3.org/2001/04/xmlenc#rsa-1_5") ==
          "edelivery.policy.algorithm");
    CHECK(on.with_all(profile.key_encryption.method, "http://www.w3.org/2001/04/xmlenc#kw-aes256") ==
          "edelivery.policy.algorithm");
  }
}

TEST_CASE("signature wrapping fails under every profile") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    attack const on{profile};
    auto const messaging = cut_out(on.good.soap, "<eb:Messaging", "</eb:Messaging>");
    auto const body = cut_out(on.good.soap, "<S12:Body", "</S12:Body>");
    auto const forged = replaced(replaced(messaging, "1@test", "9@test"), "wsu:Id=\"msg-", "wsu:Id=\"forged-");
    CHECK(on.with(messaging, forged + "<wrapper>" + messaging + "</wrapper>") == "edelivery.authentication.wrapped");
    CHECK(on.with(messaging, messaging + forged) == "edelivery.header.messaging");
    CHECK(on.with(messaging, replaced(messaging, "1@test", "9@test") + messaging) ==
          "edelivery.authentication.duplicate_id");
    CHECK(on.with(body, "<S12:Body>forged</S12:Body>" + body) == "edelivery.header.body");
    CHECK(on.with("1@test", "9@test") == "edelivery.authentication.digest");
    CHECK(on.without("<ds:Reference URI=\"cid:annex", "</ds:Reference>") == "edelivery.policy.not_covered");
    CHECK(on.without("<ds:Signature ", "</ds:Signature>") == "edelivery.policy.unsigned");
  }
}

TEST_CASE("a signature value of another form is no signature") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    attack const on{profile};
    auto const value = on.value("ds:SignatureValue");
    for (auto const& instead : {value.substr(1), value.substr(0, value.size() - 1), value + std::string(1, '\0'),
                                std::string(value.size(), '\0'), std::string(value.size(), '\xff'), std::string("x")}) {
      CHECK(on.with_value("ds:SignatureValue", instead) == "edelivery.authentication.signature");
    }
  }
  attack const eddsa{edelivery_2_0_eddsa()};
  auto const value = eddsa.value("ds:SignatureValue");
  CHECK(value.size() == 64);
  // S + L verifies with readers that do not reduce (RFC 8032, 5.1.7).
  auto malleable = value;
  auto const order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  int carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    int const sum = static_cast<unsigned char>(malleable[32 + i]) + static_cast<unsigned char>(order[i]) + carry;
    malleable[32 + i] = static_cast<char>(sum & 0xff);
    carry = sum >> 8;
  }
  CHECK(eddsa.with_value("ds:SignatureValue", malleable) == "edelivery.authentication.signature");
}

TEST_CASE("an ECDSA value is r and s at full width, not the DER form and not exchanged") {
  attack const on{edelivery_2_0_ecdsa()};
  auto const value = on.value("ds:SignatureValue");
  REQUIRE(value.size() == 64);
  CHECK(on.with_value("ds:SignatureValue", value.substr(32) + value.substr(0, 32)) ==
        "edelivery.authentication.signature");
  auto const number = [](std::string const& raw) { return "\x02\x21" + std::string(1, '\0') + raw; };
  auto const der = "\x30\x46" + number(value.substr(0, 32)) + number(value.substr(32));
  CHECK(on.with_value("ds:SignatureValue", der) == "edelivery.authentication.signature");
}

TEST_CASE("a changed key wrap, salt or info opens nothing and tells nothing") {
  for (auto const& profile : agreeing()) {
    INFO(profile.id);
    attack const on{profile};
    auto const wrapped = on.value("xenc:CipherValue");
    REQUIRE(wrapped.size() == 24);
    for (std::size_t at = 0; at < wrapped.size(); ++at) {
      auto damaged = wrapped;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
      CHECK(on.with_value("xenc:CipherValue", damaged) == "edelivery.decryption.failed");
    }
    for (auto const size : {std::size_t{1}, std::size_t{8}, std::size_t{16}, std::size_t{23}}) {
      CHECK(on.with_value("xenc:CipherValue", wrapped.substr(0, size)) == "edelivery.decryption.failed");
    }
    CHECK(on.with_value("xenc:CipherValue", wrapped + wrapped) == "edelivery.decryption.failed");
    CHECK(on.with_value("dsig-more:Salt", std::string(16, 's')) == "edelivery.decryption.failed");
    CHECK(on.without("<dsig-more:Salt>", "</dsig-more:Salt>") == "edelivery.decryption.failed");
    CHECK(on.with("<dsig-more:KeyLength>", "<dsig-more:Info>AAAA</dsig-more:Info><dsig-more:KeyLength>") ==
          "edelivery.decryption.failed");
    // Nothing is what the profile says already.
    CHECK(on.with("<dsig-more:KeyLength>", "<dsig-more:Info></dsig-more:Info><dsig-more:KeyLength>").empty());
    CHECK(on.without("<dsig-more:KeyLength>", "</dsig-more:KeyLength>").empty());
  }
}

TEST_CASE("the derivation is HKDF with SHA-256 and sixteen bytes") {
  for (auto const& profile : agreeing()) {
    INFO(profile.id);
    attack const on{profile};
    CHECK(on.with("xmldsig-more#hmac-sha256", "xmldsig-more#hmac-sha512") == "edelivery.policy.algorithm");
    CHECK(on.with("2021/04/xmldsig-more#hkdf", "2009/xmlenc11#ConcatKDF") == "edelivery.policy.algorithm");
    for (auto const* length : {"128", "32", "0", "-16", "016", ""}) {
      INFO(length);
      auto const code = on.with(">16<", ">" + std::string(length) + "<");
      CHECK(code == (*length == '\0' ? "" : "edelivery.decryption.derivation"));
    }
    CHECK(on.with_value("dsig-more:Salt", std::string(2000, 's')) == "edelivery.policy.structure");
    auto const salt = cut_out(on.good.soap, "<dsig-more:Salt>", "</dsig-more:Salt>");
    CHECK(on.with(salt, salt + salt) == "edelivery.policy.structure");
    CHECK(on.without("<dsig-more:PRF", "/>") == "edelivery.policy.structure");
    CHECK(on.without("<dsig-more:HKDFParams", "</dsig-more:HKDFParams>") == "edelivery.policy.structure");
  }
}

TEST_CASE("each piece of the agreement is needed once") {
  for (auto const& profile : agreeing()) {
    INFO(profile.id);
    attack const on{profile};
    for (auto const* element :
         {"xenc:OriginatorKeyInfo", "xenc:RecipientKeyInfo", "xenc11:KeyDerivationMethod", "xenc:AgreementMethod"}) {
      INFO(element);
      auto const text = cut_out(on.good.soap, "<" + std::string(element), "</" + std::string(element) + ">");
      CHECK(on.with(text, "") == "edelivery.policy.structure");
      CHECK(on.with(text, text + text) == "edelivery.policy.structure");
    }
    CHECK(on.with("<xenc:RecipientKeyInfo>", "<xenc:RecipientKeyInfo><extra/>") == "edelivery.policy.structure");
    CHECK(on.with("<xenc:OriginatorKeyInfo", "<xenc:KA-Nonce/><xenc:OriginatorKeyInfo") ==
          "edelivery.policy.structure");
  }
}

TEST_CASE("a message has one recipient") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    attack const on{profile};
    auto const key = cut_out(on.good.soap, "<xenc:EncryptedKey", "</xenc:EncryptedKey>");
    auto const other = replaced(key, "Id=\"EK-", "Id=\"OTHER-");
    CHECK(on.with(key, key + other) == "edelivery.policy.structure");
    CHECK(on.with(key, other + key) == "edelivery.policy.structure");
    auto const nobody = encrypt(sign(header_text, two_parts(), profile, party_of(profile, "sender").signing).value(),
                                profile, party_of(profile, "stranger").decryption.cert)
                            .value();
    auto const done = opened(nobody, terms_under(profile));
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "edelivery.decryption.not_for_us");
    CHECK(done.error().detail.find("receiver-encrypt") != std::string::npos);
  }
}

TEST_CASE("points of small order give no secret") {
  // RFC 7748, 6.1: the five that there are below 2^255, and their unreduced forms.
  attack const on{edelivery_2_0_eddsa()};
  for (auto const* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    INFO(point);
    CHECK(on.with_value("dsig11:DEREncodedKeyValue", der_of_x25519(from_hex(point).value())) ==
          "edelivery.decryption.failed");
  }
}

TEST_CASE("the originator's key must be of the recipient's group") {
  attack const x25519{edelivery_2_0_eddsa()};
  auto const curve_key = public_key_of(party_of(edelivery_2_0_ecdsa(), "sender").signing.cert);
  auto const rsa_key = public_key_of(sender().cert);
  auto const ed25519 = public_key_of(party_of(edelivery_2_0_eddsa(), "sender").signing.cert);
  for (auto const& other : {curve_key, rsa_key, ed25519, std::string("no key"), der_of_x25519("short"),
                            der_of_x25519(std::string(33, 'x'))}) {
    CHECK(x25519.with_value("dsig11:DEREncodedKeyValue", other) == "edelivery.policy.originator_key");
  }

  attack const curve{edelivery_2_0_ecdsa()};
  auto const point = curve.value("dsig11:PublicKey");
  REQUIRE(point.size() == 65);
  auto off = point;
  off[64] = static_cast<char>(off[64] ^ 1);
  for (auto const& other : {off, std::string(1, '\0'), point.substr(1), point + "x", std::string(65, '\x04')}) {
    CHECK(curve.with_value("dsig11:PublicKey", other) == "edelivery.policy.originator_key");
  }
  for (auto const* oid : {"urn:oid:1.3.132.0.34", "urn:oid:1.3.132.0.10", "urn:oid:1.3.36.3.3.2.8.1.1.7", ""}) {
    INFO(oid);
    CHECK(curve.with("urn:oid:1.2.840.10045.3.1.7", oid) == "edelivery.policy.originator_key");
  }
  // Of the profile's other curves, but not the recipient's.
  auto const larger = issued_for("larger", key_kind::elliptic_curve, certificate_use::signing, "P-384");
  auto const value = cut_out(curve.good.soap, "<ds:KeyValue>", "</ds:KeyValue>");
  auto const as_der = [&](std::string const& der) {
    return "<dsig11:DEREncodedKeyValue>" + to_base64(der) + "</dsig11:DEREncodedKeyValue>";
  };
  auto const refused = [&] {
    auto changed = curve.good;
    changed.soap = replaced(changed.soap, value, as_der(public_key_of(larger.cert)));
    return opened(changed, terms_under(curve.profile)).error();
  }();
  CHECK(refused.code == "edelivery.policy.originator_key");
  CHECK(refused.detail.find("secp384r1") != std::string::npos);
  CHECK(refused.detail.find("receiver-encrypt") != std::string::npos);
  // The same kind in the DER form is readable, and then simply the wrong key.
  CHECK(curve.with(value, as_der(curve_key)) == "edelivery.decryption.failed");
}

TEST_CASE("the laboratory takes older algorithms, and sends none") {
  auto const lab = lab_rsa();
  auto const strict = edelivery_1_15_rsa();
  CHECK(lab.signature == strict.signature);
  CHECK(lab.key_encryption == strict.key_encryption);
  auto older = strict;
  older.signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
  auto const message = secure(header_text, two_parts(), older, sender(), receiver().cert).value();
  auto how = terms();
  CHECK(refusal(message, how) == "edelivery.policy.algorithm");
  how.profile = lab;
  CHECK(refusal(message, how).empty());
  for (auto const* weak : {"http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
                           "http://www.w3.org/2001/04/xmlenc#aes128-cbc"}) {
    CHECK_FALSE(lab.takes_signature(weak));
    CHECK_FALSE(lab.takes_content_encryption(weak));
    CHECK_FALSE(lab.takes_key_encryption(
        {.method = weak, .digest = "", .mask = "", .agreement = "", .derivation = "", .prf = ""}));
  }
}
