// Parts that pass through in pieces: whatever the pieces are, the octets, tags and digests are those of the whole.
#include "edelivery/security/part_streams.hpp"

#include "base/bytes.hpp"
#include "edelivery/security/gcm_stream.hpp"
#include "edelivery/security/message.hpp"
#include "edelivery/security/primitives.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string const key(16, 'k');

template <class Each>
void in_pieces(std::string_view bytes, std::size_t piece, Each each) {
  for (std::size_t at = 0; at < bytes.size(); at += piece) each(bytes.substr(at, piece));
}

std::string sealed_in_pieces(std::string_view plain, std::size_t piece) {
  part_sealing one(key);
  std::string sealed(one.start());
  in_pieces(plain, piece, [&](auto part) { sealed.append(one.add(part)); });
  return sealed + one.finish();
}

struct tried {
  std::string plain;
  result<void> end;
};

tried open_in_pieces(part_terms const& how, std::string_view sealed, std::size_t piece) {
  part_opening one(how);
  tried got;
  in_pieces(sealed, piece, [&](auto part) { got.plain.append(one.add(part)); });
  got.end = one.finish();
  return got;
}

part_terms terms_for(std::string_view plain, std::string type = "application/gzip") {
  auto digest = attachment_digest(type, plain).value();
  return {"a@test", std::move(type), std::move(digest), key};
}

std::vector<announced_part> announced(secured_message const& message) {
  std::vector<announced_part> parts;
  for (auto const& part : message.parts) parts.push_back({part.content_id, part.mime_type});
  return parts;
}

result<verified_message> judged(parsed_envelope const& envelope, std::vector<announced_part> const& parts) {
  bool is_proven = false;
  return verify(envelope, parts, terms(), is_proven);
}

}  // namespace

TEST_CASE("a part opens to the same octets in pieces of any size") {
  for (std::size_t const size : {0u, 1u, 11u, 12u, 15u, 16u, 17u, 28u, 100u, 1000u}) {
    std::string plain;
    for (std::size_t i = 0; i < size; ++i) plain += static_cast<char>(i * 7);
    auto const sealed = aes128_gcm_seal(key, plain);
    for (std::size_t const piece : {1u, 2u, 5u, 12u, 13u, 16u, 27u, 28u, 29u, 64u, 4096u}) {
      INFO(size << " bytes in pieces of " << piece);
      auto const got = open_in_pieces(terms_for(plain), sealed, piece);
      CHECK(got.end);
      CHECK(got.plain == plain);
      CHECK(aes128_gcm_open(key, sealed_in_pieces(plain, piece)) == plain);
    }
  }
}

TEST_CASE("sealing adds what it says, and no two parts share an IV") {
  auto const first = sealed_in_pieces("plain", 2);
  CHECK(first.size() == 5 + sealing_growth);
  CHECK(first.substr(0, gcm_iv_size) != sealed_in_pieces("plain", 2).substr(0, gcm_iv_size));
  CHECK_THROWS_AS(part_sealing(std::string(15, 'k')), std::invalid_argument);
}

TEST_CASE("a changed byte anywhere, a missing end or a long one is one and the same failure") {
  std::string const plain(300, 'p');
  auto const sealed = aes128_gcm_seal(key, plain);
  auto const refused = [&](std::string_view bytes) {
    auto const got = open_in_pieces(terms_for(plain), bytes, 64);
    return got.end ? std::string() : got.end.error().code + got.end.error().detail + got.end.error().where;
  };
  auto const said = refused(sealed.substr(1));
  CHECK(said.find("edelivery.decryption.failed") != std::string::npos);
  for (std::size_t at = 0; at < sealed.size(); at += 13) {
    auto changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(refused(changed) == said);
  }
  for (std::size_t size = 0; size < 30; ++size) CHECK(refused(sealed.substr(0, size)) == said);
  CHECK(refused(sealed + "x") == said);
}

TEST_CASE("a good tag with another digest is a change after signing") {
  auto how = terms_for("what was signed");
  auto const got = open_in_pieces(how, aes128_gcm_seal(key, "what was sent"), 4);
  REQUIRE_FALSE(got.end);
  CHECK(got.end.error().code == "edelivery.authentication.digest");
  how.key.clear();
  CHECK_FALSE(open_in_pieces(how, "what was sent", 4).end);
  CHECK(open_in_pieces(how, "what was signed", 4).end);
}

TEST_CASE("digests of text and XML do not depend on where a piece ends") {
  std::string const text = "a\nb\r\nc\rd\r\r\n\n\re";
  std::string const document = "<a  b='1'>\r\n<!-- c --></a>";
  for (std::size_t piece = 1; piece < 20; ++piece) {
    INFO(piece);
    attachment_digest_stream lines("text/plain");
    in_pieces(text, piece, [&](auto part) { lines.add(part); });
    CHECK(lines.finish().value() == attachment_digest("text/plain", text).value());
    CHECK(attachment_digest("text/plain", text).value() == sha256("a\r\nb\r\nc\r\nd\r\n\r\n\r\n\r\ne"));
    attachment_digest_stream tree("application/xml");
    in_pieces(document, piece, [&](auto part) { tree.add(part); });
    CHECK(tree.finish().value() == attachment_digest("application/xml", document).value());
  }
}

TEST_CASE("an XML part beyond its limit is refused however it comes, and not kept") {
  attachment_digest_stream endless("text/xml");
  std::string const megabyte(1 << 20, ' ');
  for (int n = 0; n < 40; ++n) endless.add(megabyte);
  auto const digest = endless.finish();
  REQUIRE_FALSE(digest);
  CHECK(digest.error().code == "edelivery.policy.payload_xml");
}

TEST_CASE("the signature is judged before a byte of a part is there") {
  auto const message = sent();
  auto const envelope = parse_envelope(message.soap).value();
  bool is_proven = false;
  auto const verified = verify(envelope, announced(message), terms(), is_proven).value();
  CHECK(is_proven);
  CHECK(verified.signer == sender().cert);
  CHECK(verified.references.size() == 4);
  REQUIRE(verified.parts.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    auto const got = open_in_pieces(verified.parts[i], message.parts[i].body, 1000);
    CHECK(got.end);
    CHECK(got.plain == two_parts()[i].body);
    CHECK(verified.parts[i].mime_type == "application/gzip");
  }
  auto const changed = replaced(message.soap, "1@test", "2@test");
  CHECK(judged(parse_envelope(changed).value(), announced(message)).error().code == "edelivery.authentication.digest");
  CHECK(judged(envelope, {}).error().code == "edelivery.payload.missing");
}

TEST_CASE("a message signed and sealed around parts that are elsewhere opens as any other") {
  std::vector<digested_part> digested;
  std::vector<announced_part> named;
  for (auto const& part : two_parts()) {
    digested.push_back({part.content_id, part.mime_type, attachment_digest(part.mime_type, part.body).value()});
    named.push_back({part.content_id, part.mime_type});
  }
  auto const is_signed = sign_digested(header_text, digested, edelivery_1_15_rsa(), sender()).value();
  auto const sealed = encrypt_envelope(is_signed.soap, named, edelivery_1_15_rsa(), receiver().cert).value();
  auto parts = two_parts();
  for (auto& part : parts) {
    part_sealing one(sealed.content_key);
    std::string body(one.start());
    body.append(one.add(part.body));
    part.body = body + one.finish();
    part.mime_type = sealed_part_type;
  }
  auto const got = opened(sealed.soap, parts).value();
  CHECK(got.parts[1].body == two_parts()[1].body);
  CHECK(check_acknowledged(is_signed.references, got.references));
  CHECK(encrypt_envelope("<a/>", named, edelivery_1_15_rsa(), receiver().cert).error().code ==
        "edelivery.encrypt.message");
}
