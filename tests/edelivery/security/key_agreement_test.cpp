#include "edelivery/security/key_agreement.hpp"

#include "base/bytes.hpp"
#include "edelivery/profile_keys.hpp"
#include "edelivery/security/signature_algorithm.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

TEST_CASE("the key wrap is that of RFC 3394") {
  auto const wrapping = from_hex("000102030405060708090a0b0c0d0e0f").value();
  auto const key = from_hex("00112233445566778899aabbccddeeff").value();
  auto const wrapped = from_hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5").value();  // 4.1
  CHECK(aes128_wrap(wrapping, key) == wrapped);
  CHECK(aes128_unwrap(wrapping, wrapped) == key);
  CHECK_FALSE(aes128_unwrap(key, wrapped));
  CHECK_FALSE(aes128_unwrap(wrapping.substr(1), wrapped));
  for (auto const size : {0, 1, 8, 16, 20, 48, 1000}) {
    CHECK_FALSE(aes128_unwrap(wrapping, std::string(static_cast<std::size_t>(size), 'x')));
  }
}

TEST_CASE("both sides derive one wrapping key, and salt and info are part of it") {
  for (auto const& profile : {edelivery_2_0_eddsa(), edelivery_2_0_ecdsa()}) {
    auto const& ours = party_of(profile, "receiver").decryption;
    auto const fresh = make_fresh_key(ours.cert);
    REQUIRE(fresh);
    auto const shown = fresh->curve_uri.empty() ? originator_key::from_der(fresh->der)
                                                : originator_key::from_point(fresh->curve_uri, fresh->point);
    REQUIRE(shown);
    CHECK(shown->same_group(ours.cert));
    auto const key = derive_wrapping_key(ours.key, shown->handle(), {"salt", "info"});
    REQUIRE(key);
    CHECK(key->size() == 16);
    auto const theirs = originator_key::from_der([&] {
      // The recipient's public key as its certificate holds it.
      auto const der = ours.cert.der();
      auto const header = profile.encryption_key == key_kind::x25519
                              ? from_hex("302a300506032b656e032100").value()
                              : from_hex("3059301306072a8648ce3d020106082a8648ce3d030107034200").value();
      auto const at = der.find(header);
      return der.substr(at, header.size() + (profile.encryption_key == key_kind::x25519 ? 32 : 65));
    }());
    REQUIRE(theirs);
    CHECK(derive_wrapping_key(fresh->secret, theirs->handle(), {"salt", "info"}) == key);
    CHECK(derive_wrapping_key(ours.key, shown->handle(), {"salt", ""}) != key);
    CHECK(derive_wrapping_key(ours.key, shown->handle(), {"", "info"}) != key);
    CHECK(derive_wrapping_key(party_of(profile, "sender").decryption.key, shown->handle(), {"salt", "info"}) != key);
  }
  CHECK_FALSE(make_fresh_key(sender().cert));
  auto const& curves = party_of(edelivery_2_0_ecdsa(), "receiver").decryption;
  auto const fresh = make_fresh_key(party_of(edelivery_2_0_eddsa(), "receiver").decryption.cert);
  CHECK_FALSE(derive_wrapping_key(curves.key, originator_key::from_der(fresh->der)->handle(), {}));
}

TEST_CASE("a signature counts for its octets, its signer and its algorithm") {
  for (auto const& profile : every_profile()) {
    INFO(profile.id);
    auto const& algorithm = *find_signature_algorithm(profile.signature);
    auto const& signer = party_of(profile, "sender").signing;
    auto const& other = party_of(profile, "receiver").signing;
    auto const value = make_signature(algorithm, signer.key, "octets");
    REQUIRE(value);
    CHECK(signature_is_good(algorithm, signer.cert, "octets", *value));
    CHECK_FALSE(signature_is_good(algorithm, signer.cert, "octet", *value));
    CHECK_FALSE(signature_is_good(algorithm, other.cert, "octets", *value));
    CHECK_FALSE(signature_is_good(algorithm, signer.cert, "octets", value->substr(1)));
    CHECK_FALSE(signature_is_good(algorithm, signer.cert, "octets", ""));
    for (auto const& foreign : every_profile()) {
      if (foreign.id == profile.id) continue;
      auto const& kind = *find_signature_algorithm(foreign.signature);
      CHECK_FALSE(make_signature(kind, signer.key, "octets"));
      CHECK_FALSE(signature_is_good(kind, signer.cert, "octets", *value));
      CHECK_FALSE(fits(kind, signer.cert));
    }
  }
  CHECK(find_signature_algorithm("http://www.w3.org/2000/09/xmldsig#rsa-sha1") == nullptr);
  CHECK(find_signature_algorithm("") == nullptr);
}

TEST_CASE("keys are made of the kind that is asked for, and refused for what they cannot do") {
  auto const code = [](key_kind kind, certificate_use use, credentials const* issuer) {
    certificate_request request;
    request.common_name = "kind";
    request.key = kind;
    request.use = use;
    auto const made = issue_certificate(request, issuer);
    return made ? made->cert.key_text() : made.error().code;
  };
  using use = certificate_use;
  CHECK(code(key_kind::ed25519, use::signing, &authority()) == "Ed25519");
  CHECK(code(key_kind::ed25519, use::authority, nullptr) == "Ed25519");
  CHECK(code(key_kind::x25519, use::encryption, &authority()) == "X25519");
  CHECK(code(key_kind::elliptic_curve, use::tls_client, &authority()) == "elliptic curve prime256v1");
  CHECK(code(key_kind::x25519, use::encryption, nullptr) == "edelivery.certificate.request");
  CHECK(code(key_kind::x25519, use::signing, &authority()) == "edelivery.certificate.request");
  CHECK(code(key_kind::ed25519, use::encryption, &authority()) == "edelivery.certificate.request");
  CHECK(code(key_kind::ed25519, use::signing_and_encryption, &authority()) == "edelivery.certificate.request");

  auto const& signer = party_of(edelivery_2_0_eddsa(), "sender").signing;
  CHECK(signer.cert.may_sign());
  CHECK_FALSE(signer.cert.may_encipher_keys());
  CHECK(signer.cert.described().find("Ed25519") != std::string::npos);
  CHECK(signer.cert.described().find(signer.cert.serial()) != std::string::npos);
  CHECK(private_key::from_pem(signer.key.pem())->kind() == key_kind::ed25519);
}
