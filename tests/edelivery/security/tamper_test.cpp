// One good message, damaged in every way in turn: each is refused, for its own reason.
#include "base/bytes.hpp"
#include "edelivery/security/message.hpp"
#include "edelivery/security/primitives.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

secured_message const& good() {
  static secured_message const made = sent();
  return made;
}

std::string refusal_of_soap(std::string soap) {
  auto message = good();
  message.soap = std::move(soap);
  return refusal(message);
}

std::string with(std::string_view what, std::string_view instead) {
  return refusal_of_soap(replaced(good().soap, what, instead));
}

std::string without(std::string_view from, std::string_view to) { return with(cut_out(good().soap, from, to), ""); }

std::string flipped(std::string text, std::size_t at) {
  text[at] = static_cast<char>(text[at] ^ 1);
  return text;
}

}  // namespace

TEST_CASE("a changed header, body, signature or digest does not authenticate") {
  CHECK(with("<eb:MessageId>1@test", "<eb:MessageId>2@test") == "edelivery.authentication.digest");
  CHECK(with("</S12:Body>", " </S12:Body>") == "edelivery.authentication.digest");
  CHECK(with("<eb:UserMessage>", "<eb:UserMessage> ") == "edelivery.authentication.digest");
  CHECK(with("<eb:Messaging ", "<eb:Messaging x=\"\" ") == "edelivery.authentication.digest");

  auto const digest = cut_out(good().soap, "<ds:DigestValue>", "</ds:DigestValue>");
  CHECK(with(digest, "<ds:DigestValue>" + to_base64(std::string(32, 'x')) + "</ds:DigestValue>") ==
        "edelivery.authentication.signature");
  auto const value = cut_out(good().soap, "<ds:SignatureValue>", "</ds:SignatureValue>");
  CHECK(with(value, "<ds:SignatureValue>" + to_base64(std::string(256, 'x')) + "</ds:SignatureValue>") ==
        "edelivery.authentication.signature");
  CHECK(with(value, "<ds:SignatureValue>AA==</ds:SignatureValue>") == "edelivery.authentication.signature");
  CHECK(with(value, "<ds:SignatureValue></ds:SignatureValue>") == "edelivery.policy.structure");
}

TEST_CASE("a value of the security header is text alone: a comment inside it is refused, between elements it is not") {
  // Each after so many characters of the value, so that what stands before the comment is no value by itself.
  for (auto const* const element :
       {"ds:DigestValue", "ds:SignatureValue", "xenc:CipherValue", "wsse:KeyIdentifier", "wsse:BinarySecurityToken"}) {
    INFO(element);
    auto const start = good().soap.find(std::string("<") + element);
    REQUIRE(start != std::string::npos);
    auto const value = good().soap.find('>', start) + 1;
    for (std::size_t const after : {std::size_t{0}, std::size_t{8}}) {
      auto soap = good().soap;
      CHECK(refusal_of_soap(soap.insert(value + after, "<!-- x -->")) == "edelivery.policy.structure");
      soap = good().soap;
      CHECK(refusal_of_soap(soap.insert(value + after, "<?x y?>")) == "edelivery.header.processing_instruction");
    }
    auto soap = good().soap;
    soap.insert(start, "<!-- x -->");
    auto const code = refusal_of_soap(soap);
    CHECK((code.empty() || code == "edelivery.authentication.signature"));
  }
}

TEST_CASE("what is not covered by the signature may change, and only that") {
  CHECK(with("<S12:Header>", "<S12:Header>\n<!-- passed by a gateway --> ").empty());
  CHECK(with("MimeType=\"application/gzip\"", "MimeType=\"application/zip\"").empty());
}

TEST_CASE("every changed byte of a payload part is noticed before anything is given away") {
  auto const& body = good().parts[0].body;
  for (std::size_t at = 0; at < body.size(); ++at) {
    auto message = good();
    message.parts[0].body = flipped(body, at);
    CHECK(refusal(message) == "edelivery.decryption.failed");
  }
  for (auto const size : {std::size_t{0}, std::size_t{11}, std::size_t{27}, body.size() - 1}) {
    auto message = good();
    message.parts[0].body.resize(size);
    CHECK(refusal(message) == "edelivery.decryption.failed");
  }
}

TEST_CASE("decryption fails with one code, and says to the operator whether key or tag did not fit") {
  std::string const no_tag = "The payload cannot be decrypted: its tag does not fit";
  std::string const no_key = "The payload cannot be decrypted: its content key cannot be unwrapped";
  auto const saying = [&](std::string const& detail, secured_message const& message, opening const& how = terms()) {
    auto const done = opened(message, how);
    REQUIRE_FALSE(done);
    CHECK(done.error() == problem{"edelivery.decryption.failed", detail, receiver().cert.described(), ""});
  };
  auto const failing = [&](secured_message const& message, opening const& how = terms()) {
    saying(no_key, message, how);
  };
  auto message = good();
  message.parts[0].body = flipped(message.parts[0].body, 20);
  saying(no_tag, message);

  auto const key = cut_out(good().soap, "<xenc:CipherValue>", "</xenc:CipherValue>");
  auto const instead = [&](std::string const& bytes) {
    auto changed = good();
    changed.soap = replaced(changed.soap, key, "<xenc:CipherValue>" + to_base64(bytes) + "</xenc:CipherValue>");
    return changed;
  };
  failing(instead(std::string(256, 'x')));     // no OAEP block
  failing(instead(std::string(256, '\xff')));  // larger than the modulus
  failing(instead("short"));                   // not of the size of the key
  auto how = terms();
  how.decryption = {credentials{receiver().cert, stranger().key}};
  failing(good(), how);  // the wrong key for the certificate

  for (auto const size : {15u, 17u, 32u}) {  // unwrapped well, and no key for AES-128
    auto const wrapped = rsa_oaep_wrap(receiver().cert, std::string(size, 'k')).value();
    failing(instead(wrapped));
  }
  saying(no_tag, instead(rsa_oaep_wrap(receiver().cert, std::string(16, 'k')).value()));
}

TEST_CASE("for whom a content key is encrypted is no secret, and the operator reads it") {
  auto how = terms();
  how.decryption.clear();
  CHECK(opened(good(), how).error().code == "edelivery.decryption.not_for_us");
  how.decryption = {stranger()};
  auto const refused = opened(good(), how).error();
  CHECK(refused.code == "edelivery.decryption.not_for_us");
  CHECK(refused.detail.find("X509SubjectKeyIdentifier " + to_base64(receiver().cert.subject_key_identifier())) !=
        std::string::npos);
  CHECK(refused.detail.find(stranger().cert.subject()) != std::string::npos);
}

TEST_CASE("parts may not be left out, added, swapped or sent in the clear") {
  auto message = good();
  message.parts.pop_back();
  CHECK(refusal(message) == "edelivery.payload.missing");
  message = good();
  message.parts.push_back({"extra@test", "text/plain", "x"});
  CHECK(refusal(message) == "edelivery.policy.not_covered");
  message = good();
  std::swap(message.parts[0].content_id, message.parts[1].content_id);
  CHECK(refusal(message) == "edelivery.authentication.digest");
  message = good();
  std::swap(message.parts[0], message.parts[1]);
  CHECK(refusal(message).empty());

  auto const clear = sign(header_text, two_parts(), edelivery_1_15_rsa(), sender());
  CHECK(refusal(*clear) == "edelivery.policy.not_encrypted");
  auto half = *clear;
  half.parts.pop_back();
  auto const half_sealed = encrypt(half, edelivery_1_15_rsa(), receiver().cert);
  auto mixed = *half_sealed;
  mixed.parts.push_back(two_parts()[1]);
  CHECK(refusal(mixed) == "edelivery.policy.not_encrypted");
}

TEST_CASE("a signature that leaves something out is refused") {
  // Made by the right key, so that only the coverage is wrong: the parts are given to the receiver beside the message.
  auto const bare = sign(header_text, {}, edelivery_1_15_rsa(), sender());
  auto message = *bare;
  message.parts = two_parts();
  CHECK(refusal(message) == "edelivery.policy.not_covered");
  CHECK(without("<ds:Reference URI=\"#msg-", "</ds:Reference>") == "edelivery.policy.not_covered");
  CHECK(without("<ds:Reference URI=\"#body-", "</ds:Reference>") == "edelivery.policy.not_covered");
  CHECK(without("<ds:Reference URI=\"cid:annex", "</ds:Reference>") == "edelivery.policy.not_covered");
  CHECK(without("<ds:Signature ", "</ds:Signature>") == "edelivery.policy.unsigned");
  CHECK(without("<wsse:Security", "</wsse:Security>") == "edelivery.policy.unsigned");
}

TEST_CASE("references that lead anywhere but to the expected places are refused") {
  auto const reference = cut_out(good().soap, "<ds:Reference URI=\"#body-", "</ds:Reference>");
  auto const uri = cut_out(reference, "#body-", "\"");
  for (auto const* target : {"#KeyInfoOfNobody\"", "\"", "#\"", "http://example.org/\"", "#xpointer(/)\""}) {
    INFO(target);
    CHECK(with(reference, replaced(reference, uri, target)) == "edelivery.policy.unknown_reference");
  }
  CHECK(with(reference, reference + reference) == "edelivery.policy.unknown_reference");
  auto const part = cut_out(good().soap, "<ds:Reference URI=\"cid:annex", "</ds:Reference>");
  CHECK(with(part, part + part) == "edelivery.policy.unknown_reference");
  auto const signature_id = cut_out(good().soap, "SIG-", "\"");
  CHECK(with(reference, reference + replaced(reference, uri, "#" + signature_id)) ==
        "edelivery.policy.unknown_reference");
}

TEST_CASE("signature wrapping: a signed element that is not the one that is read is refused") {
  auto const messaging = cut_out(good().soap, "<eb:Messaging", "</eb:Messaging>");
  auto const body = cut_out(good().soap, "<S12:Body", "</S12:Body>");
  auto const forged = replaced(replaced(messaging, "1@test", "9@test"), "wsu:Id=\"msg-", "wsu:Id=\"forged-");

  // The signed header under a wrapper, a forged one in its place.
  CHECK(with(messaging, forged + "<wrapper>" + messaging + "</wrapper>") == "edelivery.authentication.wrapped");
  CHECK(refusal_of_soap(replaced(replaced(good().soap, messaging, forged), "</ds:Signature>",
                                 "<ds:Object>" + messaging + "</ds:Object></ds:Signature>")) ==
        "edelivery.authentication.wrapped");
  // Two headers, the signed one first or last.
  CHECK(with(messaging, messaging + forged) == "edelivery.header.messaging");
  CHECK(with(messaging, forged + messaging) == "edelivery.header.messaging");
  // One Id for both.
  auto const same_id = replaced(messaging, "1@test", "9@test");
  CHECK(with(messaging, same_id + messaging) == "edelivery.authentication.duplicate_id");
  CHECK(with(messaging, messaging + same_id) == "edelivery.authentication.duplicate_id");
  // The signed body moved away.
  CHECK(with(body, "<S12:Body>forged</S12:Body>" + body) == "edelivery.header.body");
  CHECK(refusal_of_soap(replaced(replaced(good().soap, body, "<S12:Body>forged</S12:Body>"), "<eb:UserMessage>",
                                 body + "<eb:UserMessage>")) == "edelivery.authentication.wrapped");
  // The Id on another element, the forged one without.
  auto const renamed = replaced(replaced(messaging, "1@test", "9@test"), "wsu:Id", "Id");
  CHECK(with(messaging, renamed) == "edelivery.authentication.digest");
}

TEST_CASE("no other algorithm is accepted, in any place") {
  auto const replacing_all = [&](std::string_view what, std::string_view instead) {
    auto soap = good().soap;
    for (auto at = soap.find(what); at != std::string::npos; at = soap.find(what, at + instead.size())) {
      soap.replace(at, what.size(), instead);
    }
    return refusal_of_soap(soap);
  };
  CHECK(replacing_all("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256") == "edelivery.policy.algorithm");
  CHECK(replacing_all("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1") == "edelivery.policy.algorithm");
  CHECK(with("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1") == "edelivery.policy.algorithm");
  CHECK(replacing_all("2001/10/xml-exc-c14n#\"", "2006/12/xml-c14n11\"") == "edelivery.policy.algorithm");
  CHECK(replacing_all("Attachment-Content-Signature-Transform", "Attachment-Complete-Signature-Transform") ==
        "edelivery.policy.algorithm");
  CHECK(replacing_all("xmlenc11#aes128-gcm", "xmlenc11#aes256-gcm") == "edelivery.policy.algorithm");
  CHECK(replacing_all("2009/xmlenc11#aes128-gcm", "2001/04/xmlenc#aes128-cbc") == "edelivery.policy.algorithm");
  CHECK(replacing_all("2009/xmlenc11#rsa-oaep", "2001/04/xmlenc#rsa-1_5") == "edelivery.policy.algorithm");
  CHECK(replacing_all("xmlenc11#mgf1sha256", "xmlenc11#mgf1sha1") == "edelivery.policy.algorithm");
  CHECK(without("<xenc11:MGF", "/>") == "edelivery.policy.algorithm");
  auto const method = cut_out(good().soap, "<ds:Reference URI=\"#body-", "<ds:DigestMethod");
  CHECK(with(method, replaced(method, "xml-exc-c14n#\"></ds:Transform>",
                              "xml-exc-c14n#\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/"
                              "REC-xslt-19991116\"/>")) == "edelivery.policy.structure");
}

TEST_CASE("elements that the grammar does not foresee are refused") {
  for (auto const* extra : {"<ds:Object/>", "<wsse:UsernameToken/>",
                            "<xenc:ReferenceList xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/>", "<ds:KeyInfo/>",
                            "<wsu:Timestamp/><wsu:Timestamp/>"}) {
    INFO(extra);
    CHECK(with("</wsse:Security>", std::string(extra) + "</wsse:Security>") == "edelivery.policy.structure");
  }
  auto const signature = cut_out(good().soap, "<ds:Signature ", "</ds:Signature>");
  auto const second = replaced(signature, "Id=\"SIG-", "Id=\"OTHER-");
  CHECK(with(signature, signature + second) == "edelivery.policy.structure");
  std::string tokens;
  for (int i = 0; i < 5; ++i) tokens += "<wsse:BinarySecurityToken/>";
  CHECK(with("</wsse:Security>", tokens + "</wsse:Security>") == "edelivery.policy.structure");
}

TEST_CASE("each piece of the security header is needed, and nothing may stand beside it") {
  struct piece {
    char const* from;
    char const* to;
  };
  static constexpr piece needed[] = {
      {"<ds:SignatureMethod", "</ds:SignatureMethod>"},
      {"<ds:CanonicalizationMethod", "</ds:CanonicalizationMethod>"},
      {"<ds:Transforms>", "</ds:Transforms>"},
      {"<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">", "</ds:DigestMethod>"},
      {"<ds:DigestValue>", "</ds:DigestValue>"},
      {"<ds:SignatureValue>", "</ds:SignatureValue>"},
      {"<xenc:CipherData><xenc:CipherValue>", "</xenc:CipherData>"},
      {"<xenc:CipherValue>", "</xenc:CipherValue>"},
      {"<xenc:CipherReference", "</xenc:CipherReference>"},
      {"<xenc:Transforms>", "</xenc:Transforms>"},
      {"<ds:KeyInfo>", "</ds:KeyInfo>"},
      {"<wsse:Reference URI=\"#EK-", "/>"},
      {"<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"", "/>"},
      {"<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"", "</xenc:EncryptionMethod>"},
  };
  for (auto const& each : needed) {
    INFO(each.from);
    CHECK(without(each.from, each.to) == "edelivery.policy.structure");
  }
  for (auto const* holder : {"<ds:Transforms>", "<ds:SignedInfo>", "<ds:KeyInfo>", "<xenc:CipherData>",
                             "<xenc:ReferenceList>", "<xenc:Transforms>", "<ds:DigestValue>", "<ds:SignatureValue>",
                             "<xenc:CipherValue>", "xml-exc-c14n#\">", "rsa-sha256\">", "rsa-oaep\">"}) {
    INFO(holder);
    CHECK(with(holder, std::string(holder) + "<extra/>") == "edelivery.policy.structure");
  }
  CHECK(with("rsa-oaep\">", "rsa-oaep\"><xenc:OAEPparams>AA==</xenc:OAEPparams>") == "edelivery.policy.algorithm");
  auto const reference = cut_out(good().soap, "<ds:Reference URI=\"#body-", "</ds:Reference>");
  std::string many;
  for (int i = 0; i < 40; ++i) many += reference;
  CHECK(with(reference, many) == "edelivery.policy.structure");
}

TEST_CASE("an encrypted part is described once and has its key in the message") {
  auto const part = cut_out(good().soap, "<xenc:EncryptedData", "</xenc:EncryptedData>");
  CHECK(with(part, part + replaced(part, "Id=\"ED-", "Id=\"OTHER-")) == "edelivery.policy.structure");
  CHECK(with(part, "") == "edelivery.policy.not_encrypted");
  CHECK(with(part, replaced(part, "URI=\"#EK-", "URI=\"#OTHER-")) == "edelivery.policy.structure");
  CHECK(with(part, replaced(part, "cid:leading", "cid:nowhere")) == "edelivery.payload.missing");
  CHECK(with(part, replaced(part, "Attachment-Content-Only", "Attachment-Complete")) == "edelivery.policy.structure");
  // Without its KeyInfo the key's own list says where it belongs.
  CHECK(with(part, replaced(part, cut_out(part, "<ds:KeyInfo>", "</ds:KeyInfo>"), "")).empty());
}
