// Signed texts as attackers send them: other algorithms, headers with tricks, keys that are not ours.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "node/identity/jws.hpp"

using namespace ehds;
using namespace ehds::node::identity;

namespace {

signing_key const& key() {
  static auto const made = signing_key::from_raw(std::string(32, '\x07')).value();
  return made;
}

std::vector<verifying_key> known() { return {key().public_half()}; }

std::string compact(std::string const& header, std::string const& payload = "payload", signing_key const& by = key()) {
  auto const head = to_base64url(header) + "." + to_base64url(payload);
  return head + "." + to_base64url(by.sign(head));
}

std::string header(std::string const& alg, std::string const& kid, std::string const& more = "") {
  return R"({"alg":")" + alg + R"(","kid":")" + kid + R"(","typ":"t")" + more + "}";
}

std::string code(std::string const& text, std::string_view type = "t") {
  auto const verified = verify_jws(text, type, known());
  return verified ? "verified" : verified.error().code;
}

}  // namespace

TEST_CASE("the text that the attacks start from is verified") {
  CHECK(code(compact(header("EdDSA", key().id()))) == "verified");
}

TEST_CASE("no other algorithm is taken, however it is spelled and whatever signs it") {
  for (auto const* alg : {"none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS256", "ES256", "PS256", "eddsa",
                          "EDDSA", "EdDSA ", " EdDSA", "Ed25519", "EdDSA\\u0000", "ES256K"}) {
    CAPTURE(alg);
    CHECK(code(compact(header(alg, key().id()))) == "jws.header");
  }
}

TEST_CASE("an unsigned text is refused though it says so") {
  auto const head = to_base64url(header("none", key().id())) + "." + to_base64url("payload");

  CHECK(code(head + ".") == "jws.header");
  CHECK(code(head) == "jws.syntax");
}

TEST_CASE("a text keyed with our public key as a secret is refused, as HS256 and as EdDSA") {
  auto const head = to_base64url(header("EdDSA", key().id())) + "." + to_base64url("payload");
  auto const mac = sha256(key().public_half().raw() + head);

  CHECK(code(head + "." + to_base64url(mac)) == "jws.signature");
  CHECK(code(head + "." + to_base64url(mac + mac)) == "jws.signature");
}

TEST_CASE("a key id is looked up among the known keys and is never a path, an address or a statement") {
  for (auto const* kid : {"../../../etc/passwd", "/dev/null", "file:///keys/a", "https://evil.example/jwks",
                          "' OR 1=1 --", "*", "%2e%2e", "..\\\\keys", "\\u0000", " ", "null"}) {
    CAPTURE(kid);
    CHECK(code(compact(header("EdDSA", kid))) == "jws.key");
  }
  CHECK(code(compact(header("EdDSA", ""))) == "jws.header");
  CHECK(code(compact(header("EdDSA", key().id() + " "))) == "jws.key");
  CHECK(code(compact(header("EdDSA", key().id().substr(1)))) == "jws.key");
}

TEST_CASE("a header that brings or points to a key is refused unread") {
  for (auto const* more :
       {R"(,"jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"})", R"(,"jku":"https://evil.example/jwks")",
        R"(,"x5u":"https://evil.example/c.pem")", R"(,"x5c":["AA"])", R"(,"x5t":"AA")", R"(,"crit":[])",
        R"(,"crit":["exp"],"exp":1)", R"(,"b64":false)", R"(,"cty":"jwt")", R"(,"zip":"DEF")", R"(,"ALG":"none")"}) {
    CAPTURE(more);
    CHECK(code(compact(header("EdDSA", key().id(), more))) == "jws.header");
  }
}

TEST_CASE("a header with a member twice is refused, whichever one a reader would take") {
  auto const id = key().id();
  for (auto const& text : {R"({"alg":"none","alg":"EdDSA","kid":")" + id + R"(","typ":"t"})",
                           R"({"alg":"EdDSA","alg":"none","kid":")" + id + R"(","typ":"t"})",
                           R"({"alg":"EdDSA","kid":"x","kid":")" + id + R"(","typ":"t"})",
                           R"({"alg":"EdDSA","kid":")" + id + R"(","kid":"x","typ":"t"})",
                           R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"u","typ":"t"})",
                           R"({"alg":"EdDSA","\u0061lg":"none","kid":")" + id + R"(","typ":"t"})"}) {
    CAPTURE(text);
    CHECK(code(compact(text)) == "jws.header");
  }
}

TEST_CASE("a header of other kinds of values is refused") {
  auto const id = key().id();
  for (auto const& text :
       {R"({"alg":["EdDSA"],"kid":")" + id + R"(","typ":"t"})", R"({"alg":null,"kid":")" + id + R"(","typ":"t"})",
        R"({"alg":"EdDSA","kid":[")" + id + R"("],"typ":"t"})", R"({"alg":"EdDSA","kid":")" + id + R"(","typ":true})",
        R"([{"alg":"EdDSA","kid":")" + id + R"(","typ":"t"}])", std::string{"null"}, std::string{"\"EdDSA\""},
        R"({"alg":"EdDSA","kid":")" + id + R"(","typ":"t"}x)",
        "{\"alg\":\"EdDSA\",\"kid\":\"" + id + "\",\"typ\":\"t\",}"}) {
    CAPTURE(text);
    CHECK(code(compact(text)) == "jws.header");
  }
}

TEST_CASE("a text of one type never passes as another: permits are no revocations") {
  auto const permit = sign_jws("{}", "permit+jwt", key());

  CHECK(code(permit, "permit+jwt") == "verified");
  for (auto const* type : {"revocations+jwt", "permit-status+jwt", "permit", "PERMIT+JWT", "", "permit+jwt "})
    CHECK(code(permit, type) == "jws.header");
}

TEST_CASE("every changed character of a signed text is found") {
  auto const good = sign_jws(R"({"permit":"FR-2026-0001/1"})", "t", key());
  int accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at)
    for (char const other : {'A', 'b', '9', '-', '_', '.', '=', ' ', '\n', '+', '/'}) {
      if (good[at] == other) continue;
      auto changed = good;
      changed[at] = other;
      if (code(changed) == "verified") ++accepted;
    }

  CHECK(accepted == 0);
}

TEST_CASE("every removed or doubled character of a signed text is found") {
  auto const good = sign_jws("{}", "t", key());
  for (std::size_t at = 0; at < good.size(); ++at) {
    CAPTURE(at);
    CHECK(code(std::string{good}.erase(at, 1)) != "verified");
    CHECK(code(std::string{good}.insert(at, 1, good[at])) != "verified");
  }
  for (auto const* around : {" ", "\n", "\t", "."}) {
    CHECK(code(around + good) != "verified");
    CHECK(code(good + around) != "verified");
  }
}

TEST_CASE("a signature with its scalar taken beyond the group order is refused") {
  // Ed25519 is malleable for verifiers that do not check S < L (RFC 8032 5.1.7).
  auto const good = compact(header("EdDSA", key().id()));
  auto signature = from_base64url(good.substr(good.rfind('.') + 1)).value();
  std::string const order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t at = 0; at < 32; ++at) {
    carry +=
        static_cast<unsigned char>(signature[32 + at]) + static_cast<unsigned>(static_cast<unsigned char>(order[at]));
    signature[32 + at] = static_cast<char>(carry & 0xffU);
    carry >>= 8U;
  }

  CHECK(code(good.substr(0, good.rfind('.') + 1) + to_base64url(signature)) == "jws.signature");
}

TEST_CASE("payloads of every length come back as they were signed, also empty ones and ones that are no text") {
  for (std::size_t size = 0; size < 70; ++size) {
    std::string payload;
    for (std::size_t at = 0; at < size; ++at) payload += static_cast<char>(at * 37);
    auto const verified = verify_jws(sign_jws(payload, "t", key()), "t", known());
    REQUIRE(verified);
    CHECK(verified->payload == payload);
  }
}

TEST_CASE("without a known key nothing is verified, and after a change of keys both are known") {
  auto const next = signing_key::make();
  auto const text = sign_jws("{}", "t", key());

  CHECK(verify_jws(text, "t", {}).error().code == "jws.key");
  CHECK(verify_jws(text, "t", {next.public_half()}).error().code == "jws.key");
  CHECK(verify_jws(text, "t", {next.public_half(), key().public_half()}));
}

TEST_CASE("a key set names its keys by their own thumbprint: the id it claims is not believed") {
  auto claimed = to_jwks(known());
  claimed.replace(claimed.find(key().id()), key().id().size(), std::string(key().id().size(), 'A'));
  auto const keys = parse_jwks(claimed).value();

  REQUIRE(keys.size() == 1);
  CHECK(keys[0].id() == key().id());
}

TEST_CASE("a key set that is ambiguous or broken is refused whole") {
  auto const x = to_base64url(key().public_half().raw());
  for (auto const& text :
       {std::string{}, std::string{"{}"}, std::string{R"({"keys":{}})"}, std::string{R"({"keys":[null]})"},
        R"({"keys":[],"keys":[{"kty":"OKP","crv":"Ed25519","x":")" + x + R"("}]})",
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":")" + x + R"(=="}]})",
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":")" + x + R"(AAAA"}]})",
        std::string{R"({"keys":[{"kty":"OKP","crv":"Ed25519"}]})"}}) {
    CAPTURE(text);
    CHECK(parse_jwks(text).error().code == "jwks.syntax");
  }
}
