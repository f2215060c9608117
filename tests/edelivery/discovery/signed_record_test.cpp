// Whose records are believed, and what is done to them on the way.
#include "edelivery/discovery/signed_record.hpp"

#include <catch2/catch.hpp>

#include "edelivery/discovery/records.hpp"
#include "edelivery/revoking_authority.hpp"
#include "edelivery/run_program.hpp"
#include "skipping.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

std::string opened(std::string const& bytes, instant now = noon()) {
  return code_of(signed_record::open(bytes, issued_by(authority()), now));
}

std::string made_by_xmlsec(scratch_folder const& folder, std::string const& unsigned_record) {
  auto const in = folder.write("record.xml", unsigned_record);
  auto const key = folder.write("key.pem", publisher_keys().key.pem());
  auto const out = (folder / "signed.xml").string();
  std::system(
      ("xmlsec1 --sign --privkey-pem " + key.string() + " --output " + out + " " + in.string() + " >/dev/null 2>&1")
          .c_str());
  return file_content(out);
}

std::vector<signature_style> const styles{{exclusive_c14n, exclusive_c14n},
                                          {inclusive_c14n, inclusive_c14n},
                                          {inclusive_c14n, ""},
                                          {exclusive_c14n, ""},
                                          {inclusive_c14n, exclusive_c14n}};

}  // namespace

TEST_CASE("records that xmlsec1 signed are believed, in every canonical form, and not when they were changed") {
  if (!installed("xmlsec1")) return ehds::tests::skip("xmlsec1 is not installed");
  scratch_folder const folder;
  for (auto const& record : {smp1_record(), "<!-- before -->" + smp2_record(smp2_endpoint("<!-- inside -->")),
                             replaced(smp1_record(), "<Process>", "<Process xmlns:unused='urn:u' \t a = '&#10;x'>")}) {
    for (auto const& style : styles) {
      INFO(style.of_info + " " + style.transform);
      auto const file =
          made_by_xmlsec(folder, replaced(record, "%signature%", unsigned_signature(publisher_keys().cert, style)));
      REQUIRE_FALSE(file.empty());
      CHECK(opened(file) == "good");
      CHECK(opened(replaced(file, "urn:service", "urn:servic3")) == "edelivery.discovery.signature");
    }
  }
}

TEST_CASE("xmlsec1 and the primitives of this house make the same signatures") {
  if (!installed("xmlsec1")) return;
  scratch_folder const folder;
  auto const theirs =
      made_by_xmlsec(folder, replaced(smp1_record(), "%signature%", unsigned_signature(publisher_keys().cert)));
  auto const value = [](std::string const& text) {
    auto const at = text.find("<SignatureValue>") + 16;
    return from_base64(text.substr(at, text.find("</SignatureValue>") - at)).value();
  };
  CHECK(value(theirs) == value(signed_by(publisher_keys(), smp1_record())));
}

TEST_CASE("records signed with Ed25519 and with an elliptic curve are believed") {
  for (auto const& [key, method] : std::vector<std::pair<key_kind, std::string>>{
           {key_kind::ed25519, "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"},
           {key_kind::elliptic_curve, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"}}) {
    certificate_request request;
    request.common_name = "publisher";
    request.not_before = parse_rfc3339("2026-01-01T00:00:00Z").value();
    request.key = key;
    auto const keys = issue_certificate(request, &authority()).value();
    INFO(method);
    auto const record = signed_by(keys, smp1_record(), {exclusive_c14n, exclusive_c14n, method});
    CHECK(opened(record) == "good");
    // The method of another key does not make it another one.
    CHECK(opened(replaced(record, method, rsa_sha256)) == "edelivery.discovery.signature");
  }
}

TEST_CASE("the publisher must be known, and good at the time") {
  auto const record = signed_by(publisher_keys(), smp1_record());
  CHECK(opened(record) == "good");
  CHECK(opened(record, parse_rfc3339("2025-12-31T00:00:00Z").value()) == "edelivery.authentication.expired");
  CHECK(opened(record, parse_rfc3339("2046-01-01T00:00:00Z").value()) == "edelivery.authentication.expired");
  auto const stranger = issued("Another CA", certificate_use::authority, nullptr);
  CHECK(code_of(signed_record::open(record, issued_by(stranger), noon())) == "edelivery.authentication.untrusted");
  CHECK(code_of(signed_record::open(record, {}, noon())) == "edelivery.authentication.untrusted");
  // The publisher's own certificate may be trusted instead of its authority.
  CHECK(code_of(signed_record::open(record, issued_by(publisher_keys()), noon())) == "good");
  // A certificate of the authority beside does not lend its name to a stranger's signature.
  auto const mine = issued("publisher", certificate_use::signing, nullptr);
  auto const forged =
      replaced(signed_by(mine, smp1_record()), "<X509Data>",
               "<X509Data><X509Certificate>" + to_base64(publisher_keys().cert.der()) + "</X509Certificate>");
  CHECK(opened(forged) == "edelivery.authentication.untrusted");
}

TEST_CASE("of all whom the authority knows, the publisher that is named signs records") {
  auto const record = signed_by(publisher_keys(), smp1_record());
  auto const by = [&](partner_trust const& who) { return code_of(signed_record::open(record, who, noon())); };
  auto who = issued_by(authority());
  who.subject = "CN=publisher,O=Tests,C=EU";
  CHECK(by(who) == "good");
  who.subject = "CN=other publisher,O=Tests,C=EU";
  CHECK(by(who) == "edelivery.discovery.publisher");
  who = issued_by(authority());
  who.pinned = {other_publisher_keys().cert, publisher_keys().cert};
  CHECK(by(who) == "good");
  who.pinned.pop_back();
  CHECK(by(who) == "edelivery.discovery.publisher");
  // Pinned alone is not enough: its authority still has to vouch for it.
  CHECK(by({{publisher_keys().cert}, {}, ""}) == "edelivery.authentication.untrusted");
  who = issued_by(authority());
  who.policies = {"1.3.6.1.4.1.99.1"};
  CHECK(by(who) == "edelivery.authentication.policies");
}

TEST_CASE("a publisher that was revoked is not believed, nor one of which that is not known") {
  auto const record = signed_by(publisher_keys(), smp1_record());
  auto who = issued_by(authority());
  auto const told = [&] { return code_of(signed_record::open(record, who, noon())); };
  who.revocation.shelf = std::make_shared<revocation_shelf>();
  who.revocation.lists = {"list"};
  CHECK(told() == "edelivery.authentication.revocation_unknown");
  who.revocation.policy = revocation_policy::soft;
  CHECK(told() == "good");
  revoking_authority const lists(authority());
  auto const put = [&](credentials const& revoked) {
    who.revocation.shelf->put("list", revocation_list::read(lists.list({.revoked = {revoked.cert}})).value());
  };
  put(other_publisher_keys());
  CHECK(told() == "good");
  put(publisher_keys());
  CHECK(told() == "edelivery.authentication.revoked");
}

TEST_CASE("what is not the one signature over the whole record is refused") {
  auto const good = signed_by(publisher_keys(), smp1_record());
  auto const signature =
      good.substr(good.find("<Signature "), good.find("</SignedServiceMetadata>") - good.find("<Signature "));
  struct row {
    std::string why, what, with, code;
  };
  for (auto const& [why, what, with, code] : std::vector<row>{
           {"none", signature, "", "unsigned"},
           {"two", signature, signature + signature, "unsigned"},
           {"not a child of the root", signature, "<Extension>" + signature + "</Extension>", "unsigned"},
           {"over a part", "URI=\"\"", "URI=\"#a\"", "signature"},
           {"over nothing named", " URI=\"\"", "", "signature"},
           {"an Object beside", "<KeyInfo>", "<Object>x</Object><KeyInfo>", "signature"},
           {"no certificate", "<X509Certificate>" + to_base64(publisher_keys().cert.der()) + "</X509Certificate>", "",
            "signature"},
           {"SHA-1", "xmlenc#sha256", "xmlenc#sha1", "signature"},
           {"RSA with SHA-1", rsa_sha256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "signature"},
           {"a stylesheet", "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xslt-19991116", "signature"},
           {"three transforms", "<Transforms>",
            "<Transforms><Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>",
            "signature"},
           {"with comments", "xml-exc-c14n#\"/></Transforms>", "xml-exc-c14n#WithComments\"/></Transforms>",
            "signature"},
           {"another address", "https://eu.example/as4", "https://eu.example/as5", "signature"},
           {"a value that is no base64", "<DigestValue>", "<DigestValue>!", "signature"},
           {"another root's children", "<ServiceInformation>", "<ServiceInformation><Extra/>", "signature"}}) {
    INFO(why);
    auto const changed = replaced(good, what, with);
    REQUIRE(changed != good);
    CHECK(opened(changed) == "edelivery.discovery." + code);
  }
}

TEST_CASE("hostile XML is refused before it is parsed") {
  auto const good = signed_by(publisher_keys(), smp1_record());
  auto const body = good.substr(good.find("<SignedServiceMetadata"));
  CHECK(opened("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + body) == "edelivery.header.doctype");
  CHECK(opened("<?php x ?>" + body) == "edelivery.header.processing_instruction");
  CHECK(opened(std::string(600 * 1024, ' ')) == "edelivery.header.size");
  std::string deep;
  for (int n = 0; n < 40; ++n) deep += "<a>";
  CHECK(opened(deep) == "edelivery.header.depth");
  CHECK(opened("") != "good");
  CHECK(opened(good.substr(0, good.size() / 2)) == "edelivery.header.xml");
  CHECK(opened("<a/>") == "edelivery.discovery.unsigned");
}
