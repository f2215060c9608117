// The references of a signature are cut out of what was signed: the same as if each were canonicalised by itself.
#include <catch2/catch.hpp>

#include "edelivery/security/message.hpp"
#include "edelivery/security/security_header.hpp"
#include "edelivery/security/verify.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct read_twice {
  std::vector<signed_reference> cut;
  std::vector<signed_reference> one_by_one;
};

read_twice both_ways(std::string const& soap) {
  auto const envelope = parse_envelope(soap).value();
  auto const header = read_security_header(envelope).value();
  std::vector<signed_reference> one_by_one;
  for (auto const& block : header.signature.references) one_by_one.push_back(read_reference(block.element).value());
  return {references_of(envelope).value(), std::move(one_by_one)};
}

std::string replaced_all(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

void check_same(std::string const& soap) {
  INFO(soap);
  auto const [cut, one_by_one] = both_ways(soap);
  REQUIRE(cut.size() == one_by_one.size());
  for (std::size_t i = 0; i < cut.size(); ++i) {
    CHECK(cut[i].uri == one_by_one[i].uri);
    CHECK(cut[i].digest == one_by_one[i].digest);
    CHECK(cut[i].xml == one_by_one[i].xml);
  }
}

}  // namespace

TEST_CASE("references are the same cut out of SignedInfo and canonicalised one by one") {
  auto const soap = sent().soap;
  auto const uri = std::string(R"(<ds:Reference URI="#)");
  check_same(soap);
  check_same(replaced(soap, uri, R"(<ds:Reference Id="r" Type="urn:t&gt;x" URI="#)"));
  check_same(replaced(soap, uri, R"(<ds:Reference wsu:Id="r" URI="#)"));
  check_same(replaced(soap, uri, R"(<ds:Reference xmlns:x="urn:x" x:y="z" URI="#)"));
  check_same(replaced(soap, "<ds:SignedInfo>", R"(<ds:SignedInfo wsu:Id="info" x="a>b xmlns">)"));
  check_same(replaced(soap, "<ds:SignedInfo>", "<ds:SignedInfo>\n  <!-- between -->\n"));
  check_same(replaced(soap, "<ds:DigestMethod ", "\n<!-- between --><ds:DigestMethod\n "));
  check_same(replaced_all(soap, "<ds:Transforms>", "<ds:Transforms xmlns:unused='urn:unused'>"));
}

TEST_CASE("references are the same whatever prefix they have") {
  auto const soap = sent().soap;
  auto const from = soap.find("<ds:SignedInfo");
  auto const to = soap.find("</ds:SignedInfo>") + std::string_view("</ds:SignedInfo>").size();
  auto const with = [&](std::string const& signed_info) {
    return soap.substr(0, from) + signed_info + soap.substr(to);
  };
  auto const info = soap.substr(from, to - from);
  auto const bare = replaced_all(replaced_all(info, "<ds:", "<"), "</ds:", "</");
  std::string const declared = R"(xmlns="http://www.w3.org/2000/09/xmldsig#")";
  check_same(with(replaced(bare, "<SignedInfo>", "<SignedInfo " + declared + ">")));
  auto const other =
      replaced_all(replaced_all(info, "<ds:Reference", "<o:Reference"), "</ds:Reference", "</o:Reference");
  check_same(
      with(replaced(other, "<ds:SignedInfo>", R"(<ds:SignedInfo xmlns:o="http://www.w3.org/2000/09/xmldsig#">)")));
  check_same(with(replaced_all(other, "<o:Reference", R"(<o:Reference xmlns:o="http://www.w3.org/2000/09/xmldsig#")")));
}

TEST_CASE("references are the same when the signer shows further namespaces") {
  auto const soap = sent().soap;
  std::string const list =
      R"(<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="S12 wsu"/>)";
  check_same(replaced(soap, "</ds:CanonicalizationMethod>", list + "</ds:CanonicalizationMethod>"));
  check_same(replaced(soap, "</ds:Transform>", list + "</ds:Transform>"));
}

TEST_CASE("what sign gives for the receipt is what the message holds") {
  for (auto const& profile : {edelivery_1_15_rsa()}) {
    auto const message = sign(header_text, two_parts(), profile, sender()).value();
    auto const held = references_of(parse_envelope(message.soap).value()).value();
    REQUIRE(held.size() == message.references.size());
    for (std::size_t i = 0; i < held.size(); ++i) {
      CHECK(held[i].uri == message.references[i].uri);
      CHECK(held[i].digest == message.references[i].digest);
      CHECK(held[i].xml == message.references[i].xml);
    }
  }
}

TEST_CASE("a header that is no plain text is parsed before it is signed, and signed as the receiver reads it") {
  for (auto const* const text :
       {"<eb:UserMessage><!-- a comment --><eb:MessageInfo/></eb:UserMessage>", "<eb:UserMessage  a='1' />",
        "<eb:UserMessage>&#x41;<![CDATA[b]]></eb:UserMessage>", "<eb:UserMessage Id=\"mine\"></eb:UserMessage>"}) {
    auto const message = secure(text, two_parts(), edelivery_1_15_rsa(), sender(), receiver().cert);
    REQUIRE(message);
    CHECK(refusal(*message).empty());
  }
  for (auto const* const text :
       {"<eb:UserMessage>", "<x:UserMessage/>", "<eb:Messaging/>", "<S12:Body/>", "<eb:UserMessage a=\"1\" a=\"2\"/>",
        "<eb:UserMessage>\x01</eb:UserMessage>", "<a Id=\"x\"/><b Id=\"x\"/>"}) {
    INFO(text);
    auto const message = secure(text, two_parts(), edelivery_1_15_rsa(), sender(), receiver().cert);
    REQUIRE_FALSE(message);
    CHECK(message.error().code == "edelivery.sign.messaging");
  }
}
