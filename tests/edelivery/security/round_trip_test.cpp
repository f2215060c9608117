#include "edelivery/security/message.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

TEST_CASE("a signed and encrypted message opens at its receiver with the parts that were sent") {
  auto const message = sent();

  CHECK(message.references.size() == 4);
  REQUIRE(message.parts.size() == 2);
  CHECK(message.parts[0].mime_type == "application/octet-stream");
  CHECK(message.parts[1].body.size() == 100'000 + 12 + 16);
  CHECK(message.parts[1].body.find("xxxxxxxxxxxx") == std::string::npos);

  auto const done = opened(message);
  REQUIRE(done);
  CHECK(done->signer == sender().cert);
  REQUIRE(done->parts.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(done->parts[i].content_id == two_parts()[i].content_id);
    CHECK(done->parts[i].mime_type == "application/gzip");
    CHECK(done->parts[i].body == two_parts()[i].body);
  }
}

TEST_CASE("both sides see the same references, as a receipt needs them") {
  auto const message = sent();
  auto const done = opened(message);
  REQUIRE(done);

  CHECK(check_acknowledged(message.references, done->references));
  CHECK(message.references.back().uri == "cid:annex@test");
  // A receipt carries them back; the copies are self-contained.
  std::string receipt = "<eb:SignalMessage><eb:Receipt><ebbp:NonRepudiationInformation>";
  for (auto const& each : done->references) {
    receipt += "<ebbp:MessagePartNRInformation>" + each.xml + "</ebbp:MessagePartNRInformation>";
  }
  receipt += "</ebbp:NonRepudiationInformation></eb:Receipt></eb:SignalMessage>";
  auto const answer = sign(receipt, {}, edelivery_1_15_rsa(), receiver());
  REQUIRE(answer);
  auto how = terms();
  how.trust.pinned = {receiver().cert};
  REQUIRE(opened(*answer, how));

  auto const envelope = parse_envelope(answer->soap);
  std::vector<signed_reference> acknowledged;
  auto const information = envelope->messaging().children()[0].children()[0].children()[0];
  for (auto const part : information.children()) acknowledged.push_back(read_reference(part.children()[0]).value());
  CHECK(check_acknowledged(message.references, acknowledged));
}

TEST_CASE("a receipt that acknowledges less, more or other than was sent is told apart") {
  std::vector<signed_reference> const sent_ones = {{"#a", "AAAA", ""}, {"cid:b", "BBBB", ""}};
  auto const code = [&](std::vector<signed_reference> const& acknowledged) {
    auto const checked = check_acknowledged(sent_ones, acknowledged);
    return checked ? "" : checked.error().code;
  };
  CHECK(code({{"cid:b", "BBBB", ""}, {"#a", "AAAA", ""}}).empty());
  CHECK(code({{"#a", "AAAA", ""}}) == "edelivery.receipt.mismatch");
  CHECK(code({{"#a", "AAAA", ""}, {"cid:b", "CCCC", ""}}) == "edelivery.receipt.mismatch");
  CHECK(code({{"#a", "AAAA", ""}, {"#a", "AAAA", ""}}) == "edelivery.receipt.mismatch");
  CHECK(code({{"#a", "AAAA", ""}, {"cid:b", "BBBB", ""}, {"cid:c", "", ""}}) == "edelivery.receipt.mismatch");
}

TEST_CASE("a retry wraps a fresh key around the same signed parts") {
  auto const signed_once = sign(header_text, two_parts(), edelivery_1_15_rsa(), sender());
  REQUIRE(signed_once);
  auto const first = encrypt(*signed_once, edelivery_1_15_rsa(), receiver().cert);
  auto const second = encrypt(*signed_once, edelivery_1_15_rsa(), receiver().cert);
  REQUIRE(first);
  REQUIRE(second);

  CHECK(first->soap != second->soap);
  CHECK(first->parts[0].body != second->parts[0].body);
  CHECK(check_acknowledged(opened(*first)->references, opened(*second)->references));
  CHECK(check_acknowledged(references_of(*parse_envelope(signed_once->soap)).value(), first->references));
}

TEST_CASE("a message without parts is signed only") {
  auto const message = secure(header_text, {}, edelivery_1_15_rsa(), sender(), receiver().cert);
  REQUIRE(message);
  CHECK(message->soap.find("EncryptedKey") == std::string::npos);
  CHECK(refusal(*message).empty());
}

TEST_CASE("every kind of key reference that is sent can be resolved") {
  for (auto const signing : {token_reference::binary_security_token, token_reference::subject_key_identifier,
                             token_reference::issuer_serial}) {
    for (auto const encryption : {token_reference::binary_security_token, token_reference::subject_key_identifier,
                                  token_reference::issuer_serial}) {
      auto profile = edelivery_1_15_rsa();
      profile.signing_token = signing;
      profile.encryption_token = encryption;
      CHECK(refusal(sent(profile)).empty());
    }
  }
}

TEST_CASE("the media type decides which octets of a plain part are signed") {
  auto profile = edelivery_1_15_rsa();
  profile.encryption = payload_encryption::none;
  auto how = terms();
  how.profile = profile;
  auto const message = sign(header_text,
                            {{"a", "text/xml", "<?xml version='1.0'?><?style x?><a  b='1'/>"},
                             {"b", "text/plain; charset=utf-8", "one\ntwo\r\nthree\r"},
                             {"c", "application/octet-stream", "one\ntwo"}},
                            profile, sender());
  REQUIRE(message);

  auto rewritten = *message;
  rewritten.parts[0].body = "<?style x?><a b=\"1\"></a>";
  rewritten.parts[1].body = "one\r\ntwo\nthree\n";
  CHECK(refusal(rewritten, how).empty());

  rewritten.parts[2].body = "one\r\ntwo";
  CHECK(refusal(rewritten, how) == "edelivery.authentication.digest");
  rewritten = *message;
  rewritten.parts[0].body = "<a b='2'/>";
  CHECK(refusal(rewritten, how) == "edelivery.authentication.digest");
  rewritten.parts[0].body = "<!DOCTYPE a><a b='1'/>";
  CHECK(refusal(rewritten, how) == "edelivery.policy.payload_xml");
}

TEST_CASE("what cannot be sent is refused before anything is signed") {
  auto const profile = edelivery_1_15_rsa();
  auto const code = [&](std::string const& messaging, std::vector<payload_part> parts, credentials const& by) {
    auto const done = sign(messaging, std::move(parts), profile, by);
    return done ? "" : done.error().code;
  };
  CHECK(code("<eb:open>", {}, sender()) == "edelivery.sign.messaging");
  CHECK(code("<unknown:prefix/>", {}, sender()) == "edelivery.sign.messaging");
  CHECK(code("</eb:Messaging><eb:Messaging>", {}, sender()) == "edelivery.sign.messaging");
  CHECK(code("", {{"a+b", "text/plain", ""}}, sender()) == "edelivery.sign.parts");
  CHECK(code("", {{"", "text/plain", ""}}, sender()) == "edelivery.sign.parts");
  CHECK(code("", {{"a", "", ""}}, sender()) == "edelivery.sign.parts");
  CHECK(code("", {{"a", "a/b", ""}, {"a", "a/b", ""}}, sender()) == "edelivery.sign.parts");
  CHECK(code("", {{"a", "text/xml", "no xml"}}, sender()) == "edelivery.sign.parts");
  CHECK(code("", std::vector<payload_part>(29, {"a", "a/b", ""}), sender()) == "edelivery.sign.parts");
  CHECK(code("", {}, credentials{sender().cert, receiver().key}) == "edelivery.sign.key");
  CHECK(code("", {}, authority()) == "edelivery.sign.key");

  auto const message = sign("", two_parts(), profile, sender()).value();
  CHECK(encrypt(message, profile, sender().cert).error().code == "edelivery.encrypt.key");
  CHECK(encrypt({"<a/>", two_parts(), {}}, profile, receiver().cert).error().code == "edelivery.encrypt.message");
}

TEST_CASE("the receiver may hold several keys while it changes them") {
  auto how = terms();
  how.decryption = {stranger(), receiver()};
  CHECK(refusal(sent(), how).empty());
}
