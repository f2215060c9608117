// Keys, signed texts and the ring of a node.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "edelivery/security/certificate.hpp"
#include "node/identity/jws.hpp"
#include "node/identity/keyring.hpp"

using namespace ehds;
using namespace ehds::node::identity;

namespace {

// RFC 8037 appendix A.
std::string const private_part = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").value();
std::string const public_part = from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").value();

signing_key example_key() { return signing_key::from_raw(private_part).value(); }

std::string compact_signed(std::string const& header, std::string const& payload, signing_key const& key) {
  auto const head = to_base64url(header) + "." + to_base64url(payload);
  return head + "." + to_base64url(key.sign(head));
}

struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ehds-identity-" + random_uuid());
  folder() { std::filesystem::create_directory(path); }
  ~folder() { std::filesystem::remove_all(path); }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
};

instant const now = *parse_rfc3339("2026-11-22T13:00:00Z");

}  // namespace

TEST_CASE("the key of RFC 8037 has the public half, thumbprint and signature that the RFC gives") {
  auto const key = example_key();

  CHECK(key.public_half().raw() == public_part);
  CHECK(key.id() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  CHECK(to_base64url(key.sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")) ==
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST_CASE("what one side signs the other verifies, with the published keys") {
  auto const key = signing_key::make();
  auto const keys = parse_jwks(to_jwks({example_key().public_half(), key.public_half()})).value();

  auto const verified = verify_jws(sign_jws(R"({"permit":1})", "ehds-permit+jwt", key), "ehds-permit+jwt", keys);

  REQUIRE(verified);
  CHECK(verified->payload == R"({"permit":1})");
  CHECK(verified->key_id == key.id());
}

TEST_CASE("a signed text that is not exactly ours is refused for its own reason") {
  auto const key = example_key();
  auto const other = signing_key::make();
  auto const id = key.id();
  auto const good_header = R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"t"})";
  auto const good = compact_signed(good_header, "payload", key);
  auto const head_and_payload = good.substr(0, good.rfind('.'));
  struct row {
    std::string why, text, code;
  };
  auto const attack = GENERATE_COPY(values<row>({
      {"empty", "", "jws.syntax"},
      {"two parts", "a.b", "jws.syntax"},
      {"four parts", good + ".x", "jws.syntax"},
      {"no signature", head_and_payload + ".", "jws.signature"},
      {"padding", good + "==", "jws.syntax"},
      {"line break", good + "\n", "jws.syntax"},
      {"another payload", to_base64url(good_header) + "." + to_base64url("Payload") + good.substr(good.rfind('.')),
       "jws.signature"},
      {"alg none", compact_signed(R"({"alg":"none","kid":")" + id + R"(","typ":"t"})", "payload", key), "jws.header"},
      {"alg HS256", compact_signed(R"({"alg":"HS256","kid":")" + id + R"(","typ":"t"})", "payload", key), "jws.header"},
      {"alg in lower case", compact_signed(R"({"alg":"eddsa","kid":")" + id + R"(","typ":"t"})", "payload", key),
       "jws.header"},
      {"alg twice", compact_signed(R"({"alg":"EdDSA","alg":"EdDSA","kid":")" + id + R"(","typ":"t"})", "payload", key),
       "jws.header"},
      {"another type", compact_signed(R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"u"})", "payload", key),
       "jws.header"},
      {"no type", compact_signed(R"({"alg":"EdDSA","kid":")" + id + R"("})", "payload", key), "jws.header"},
      {"no kid", compact_signed(R"({"alg":"EdDSA","typ":"t"})", "payload", key), "jws.header"},
      {"kid of another kind", compact_signed(R"({"alg":"EdDSA","kid":7,"typ":"t"})", "payload", key), "jws.header"},
      {"unknown kid", compact_signed(R"({"alg":"EdDSA","kid":"../x","typ":"t"})", "payload", key), "jws.key"},
      {"key in the header",
       compact_signed(R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"t","jwk":{}})", "payload", key), "jws.header"},
      {"crit",
       compact_signed(R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"t","crit":["b64"],"b64":false})", "payload", key),
       "jws.header"},
      {"header no object", compact_signed("[]", "payload", key), "jws.header"},
      {"header no JSON", compact_signed("x", "payload", key), "jws.header"},
      {"signed by another", compact_signed(good_header, "payload", other), "jws.signature"},
  }));

  auto const verified = verify_jws(attack.text, "t", {key.public_half()});

  INFO(attack.why);
  REQUIRE_FALSE(verified);
  CHECK(verified.error().code == attack.code);
}

TEST_CASE("a second spelling of the same base64url is refused") {
  auto const key = example_key();
  auto const good = sign_jws("payload", "t", key);
  REQUIRE(verify_jws(good, "t", {key.public_half()}));

  // 64 bytes leave four bits unused in the last character.
  auto twisted = good;
  twisted.back() = twisted.back() == 'A' ? 'B' : twisted.back() == 'Q' ? 'R' : twisted.back() == 'g' ? 'h' : 'x';

  CHECK_FALSE(verify_jws(twisted, "t", {key.public_half()}));
}

TEST_CASE("an oversize signed text is refused before it is read") {
  CHECK(verify_jws(std::string(2'000'000, 'a'), "t", {}).error().code == "jws.syntax");
}

TEST_CASE("a key set keeps what it understands and refuses what is broken") {
  CHECK(parse_jwks(R"({"keys":[{"kty":"RSA","n":"x"},{"kty":"OKP","crv":"X25519","x":"AA"}]})").value().empty());
  CHECK_FALSE(parse_jwks(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]})"));
  CHECK_FALSE(parse_jwks(R"({"keys":[7]})"));
  CHECK_FALSE(parse_jwks(R"([])"));
  CHECK_FALSE(parse_jwks("{\"keys\":" + std::string(100'000, '[') + "}"));
}

TEST_CASE("a private key goes through its PEM file, and other files are one clear sentence") {
  folder const at;
  auto const key = signing_key::make();
  std::ofstream(at.path / "a.key") << key.pem();
  std::ofstream(at.path / "b.key") << "garbage";

  CHECK(signing_key::load(at.path / "a.key").value().id() == key.id());
  CHECK(signing_key::load(at.path / "b.key").error().detail == "This is no private key in PEM form.");
  CHECK(signing_key::load(at.path / "c.key").error().detail == "The key file cannot be read.");
  CHECK(signing_key::load(at.path / "c.key").error().where == (at.path / "c.key").string());
}

TEST_CASE("the first start makes a demo authority and every key of a node, the second changes nothing") {
  folder const at;
  REQUIRE(init_authority(at.path / "ca", now));
  node_names const names{"FR", "FR", {"127.0.0.2", "localhost"}};

  auto const made = issue_keys(at.path / "ca", at.path / "fr", names, now).value();
  auto const first = show_keys(at.path / "fr").value();
  REQUIRE(init_authority(at.path / "ca", now));
  REQUIRE(issue_keys(at.path / "ca", at.path / "fr", names, now + std::chrono::days{1}));
  auto const second = show_keys(at.path / "fr").value();

  REQUIRE(first.size() == 6);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].fingerprint == second[i].fingerprint);
  auto const sign = edelivery::load_credentials(made.sign_certificate, made.sign_key).value();
  auto const encrypt = edelivery::load_credentials(made.encrypt_certificate, made.encrypt_key).value();
  CHECK(sign.cert.may_sign());
  CHECK_FALSE(sign.cert.may_encipher_keys());
  CHECK(encrypt.cert.may_encipher_keys());
  CHECK_FALSE(encrypt.cert.may_sign());
  CHECK(sign.cert.valid_at(now));
  CHECK(sign.cert.subject().find("FR sign") != std::string::npos);
  CHECK(edelivery::certificate::load(made.ca).value().subject() == sign.cert.issuer());
  CHECK(signing_key::load(made.authority_key).value().id() != signing_key::load(made.audit_key).value().id());
}

TEST_CASE("keys of the 2.0 profiles are made when they are asked for, each of its kind") {
  folder const at;
  REQUIRE(init_authority(at.path / "ca", now));
  node_names names{"FR", "FR", {"localhost"}, {"edelivery-2.0-eddsa", "edelivery-1.15-rsa", "edelivery-2.0-ecdsa"}};

  auto const made = issue_keys(at.path / "ca", at.path / "fr", names, now).value();
  CHECK(show_keys(at.path / "fr")->size() == 10);
  REQUIRE(made.further.size() == 2);
  for (auto const& each : made.further) {
    INFO(each.profile);
    auto const profile = edelivery::find_security_profile(each.profile).value();
    auto const sign = edelivery::load_credentials(each.sign_certificate, each.sign_key).value();
    auto const encrypt = edelivery::load_credentials(each.encrypt_certificate, each.encrypt_key).value();
    CHECK(sign.cert.key() == profile.signing_key);
    CHECK(encrypt.cert.key() == profile.encryption_key);
    CHECK(sign.cert.may_sign());
    CHECK_FALSE(sign.cert.may_encipher_keys());
    CHECK(encrypt.cert.may_encipher_keys());
    CHECK_FALSE(encrypt.cert.may_sign());
    CHECK(encrypt.cert.issuer() == edelivery::certificate::load(made.ca)->subject());
  }
  auto const rsa = edelivery::load_credentials(made.sign_certificate, made.sign_key).value();
  CHECK(rsa.cert.key_text() == "RSA 3072");

  names.profiles = {"lab"};
  CHECK(issue_keys(at.path / "ca", at.path / "fr", names, now).error().where == "lab");
}

TEST_CASE("private keys are readable by their owner only") {
  folder const at;
  REQUIRE(make_signing_keys(at.path / "node"));
  struct stat seen{};

  REQUIRE(::stat((at.path / "node" / "authority.key").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777U) == 0600U);
  REQUIRE(::stat((at.path / "node").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777U) == 0700U);
}

TEST_CASE("names that do not fit are refused before a key is made") {
  folder const at;
  REQUIRE(init_authority(at.path / "ca", now));
  struct row {
    node_names names;
    std::string where;
  };
  auto const one = GENERATE(values<row>({
      {{"SE", "Sweden", {"a"}, {}}, "Sweden"},
      {{"SE", "se", {"a"}, {}}, "se"},
      {{"SE", "", {"a"}, {}}, ""},
      {{"SE", "SE", {}, {}}, "hosts"},
      {{"", "SE", {"a"}, {}}, ""},
      {{std::string(33, 'n'), "SE", {"a"}, {"edelivery-2.0-eddsa"}}, std::string(33, 'n')},
      {{"SE", "SE", {"a"}, {"edelivery-2.0-eddsa", "edelivery-2.0-foo"}}, "edelivery-2.0-foo"},
  }));
  auto const refused = issue_keys(at.path / "ca", at.path / "se", one.names, now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == one.where);
  CHECK_FALSE(refused.error().mend.empty());
  CHECK_FALSE(std::filesystem::exists(at.path / "se"));
}

TEST_CASE("keys cannot be issued without an authority or without a host") {
  folder const at;

  CHECK_FALSE(issue_keys(at.path / "none", at.path / "fr", {"FR", "FR", {"127.0.0.2"}}, now));
  CHECK(issue_keys(at.path / "none", at.path / "fr", {"FR", "FR", {}}, now).error().code == "identity.key");
  CHECK(show_keys(at.path / "none").error().code == "identity.key");
}
