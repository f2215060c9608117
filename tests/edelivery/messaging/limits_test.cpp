// Every limit on what comes from the network: just at it a message goes on, one beyond it is refused, and the operator
// is told the number. The peer is not.
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "base/bytes.hpp"
#include "edelivery/compression/gzip.hpp"
#include "edelivery/cost/hostile_soap.hpp"
#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/mime/multipart.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "edelivery/security/profile_message.hpp"
#include "edelivery/security/security_header.hpp"
#include "edelivery/security/token.hpp"
#include "edelivery/xml/scan.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

struct limited {
  std::string name;
  std::uint64_t limit = 0;  // as the operator reads it
  std::string code;         // told to the peer
  // What becomes of something that has so many.
  std::function<result<void>(std::uint64_t)> judge;
};

template <class Value>
result<void> without_value(result<Value> const& got) {
  return got ? result<void>{} : result<void>{got.error()};
}

// --- the first look at XML

// `count` attributes or declarations, at most `each` on one element; the elements stand beside each other.
std::string spread(std::string const& piece, std::size_t count, std::size_t each) {
  std::string all;
  for (std::size_t done = 0; done < count; done += each)
    all += "<b" + numbered(piece, std::min(each, count - done)) + "/>";
  return "<a>" + all + "</a>";
}

std::vector<limited> limits_of_xml() {
  xml::limits const usual;
  // Where the tree of so many would be too large, the tree is let be.
  xml::limits wide;
  wide.tree_base = 64 * 1024 * 1024;
  xml::limits narrow;
  narrow.tree_base = 10 * 208;  // what an element is reckoned at
  narrow.tree_growth = 0;
  auto const scanned = [](std::string const& text, xml::limits const& allowed) { return xml::scan(text, allowed); };
  std::string const xmlns = " xmlns:n%='u:'";
  return {
      {"bytes of the XML", usual.bytes, "EBMS:0009",
       [=](auto n) { return scanned("<a>" + std::string(n - 7, 'x') + "</a>", usual); }},
      {"depth", usual.depth, "EBMS:0009", [=](auto n) { return scanned(nested("<a>", "", "</a>", n), usual); }},
      {"elements", usual.elements, "EBMS:0009",
       [=](auto n) { return scanned("<a>" + repeated("<b/>", n - 1) + "</a>", wide); }},
      {"attributes", usual.attributes, "EBMS:0009", [=](auto n) { return scanned(spread(" c%=''", n, 50), wide); }},
      {"attributes on one element", usual.element_attributes, "EBMS:0009",
       [=](auto n) { return scanned(spread(" c%=''", n, n), usual); }},
      {"namespaces", usual.namespaces, "EBMS:0009", [=](auto n) { return scanned(spread(xmlns, n, 16), usual); }},
      {"namespaces on one element", usual.element_namespaces, "EBMS:0009",
       [=](auto n) { return scanned(spread(xmlns, n, n), usual); }},
      {"namespaces in force", usual.open_namespaces, "EBMS:0009",
       [=](auto n) {
         auto const odd = n % 2 == 0 ? "" : "<b xmlns:r='u:'/>";
         return scanned(nested("<a xmlns:p='u:' xmlns:q='u:'>", odd, "</a>", n / 2), usual);
       }},
      {"the tree", narrow.tree_base, "EBMS:0009",
       [=](auto n) { return scanned("<a>" + repeated("<b/>", n / 208 + n % 208 - 1) + "</a>", narrow); }},
  };
}

// --- MIME

std::string const related = "multipart/related; boundary=b";

std::string mime_body(std::size_t parts, std::string const& headers = {}, std::string const& content = "x") {
  std::string body = "--b\r\n\r\n<soap/>\r\n";
  for (std::size_t n = 1; n < parts; ++n)
    body += "--b\r\nContent-ID: <" + std::to_string(n) + "@x>\r\n" + headers + "\r\n" + content + "\r\n";
  return body + "--b--\r\n";
}

result<void> laid_out(std::string const& type, std::string const& body, mime_limits const& limits = {}) {
  return without_value(lay_out_mime(type, memory_source(body), limits));
}

std::vector<limited> limits_of_mime() {
  mime_limits const usual;
  auto const own_headers = std::string("Content-ID: <1@x>\r\n").size() + std::string("X: \r\n\r\n").size();
  return {
      {"bytes of a message", 1000, "EBMS:0007",
       [](auto n) { return laid_out("application/soap+xml", std::string(n, ' '), {.bytes = 1000}); }},
      {"MIME parts", usual.parts, "EBMS:0007", [](auto n) { return laid_out(related, mime_body(n)); }},
      {"header bytes of a part", usual.header_bytes, "EBMS:0007",
       [=](auto n) { return laid_out(related, mime_body(2, "X: " + std::string(n - own_headers, 'x') + "\r\n")); }},
      {"the boundary", usual.boundary, "EBMS:0007",
       [](auto n) {
         std::string const boundary(n, 'b');
         return laid_out("multipart/related; boundary=" + boundary,
                         "--" + boundary + "\r\n\r\n<soap/>\r\n--" + boundary + "--\r\n");
       }},
      {"the SOAP part", usual.root_bytes, "EBMS:0007",
       [](auto n) { return laid_out("application/soap+xml", std::string(n, ' ')); }},
      {"a part in base64", 100, "EBMS:0007",
       [](auto n) {
         return laid_out(related, mime_body(2, "Content-Transfer-Encoding: base64\r\n", std::string(n, 'A')),
                         {.encoded_bytes = 100});
       }},
      {"the Content-Type", 4096, "EBMS:0007",
       [](auto n) {
         std::string const type = "application/soap+xml; x=";
         return laid_out(type + std::string(n - type.size(), 'x'), "<soap/>");
       }},
  };
}

// --- what the P-Mode says of a message: here the limit moves, and the message stays

result<void> opened_under(wire_message const& wire, payload_limits const& limits) {
  auto mode = edelivery::tests::eu().mode();
  mode.limits = limits;
  auto generous =
      edelivery::tests::eu().mode();  // for somebody else: the node reads on until it knows whose message this is
  generous.id = "generous";
  generous.partner.id = "DE";
  auto const got =
      open_message(wire.content_type, wire.body, pmode_book{{mode, generous}}, edelivery::tests::eu().point, noon());
  return got ? result<void>{} : result<void>{got.error().diagnosis};
}

outgoing_message one_large() {
  outgoing_message message;
  message.action = "createDataset";
  message.payloads = {{"text/plain", std::string(4'000'000, 'x'), "utf-8", {}, nullptr}};
  return message;
}

std::vector<limited> limits_of_pmode() {
  delivery const sent;
  auto const body = sent.wire.body.size();
  auto const mode = edelivery::tests::fr().mode();
  auto const large = std::make_shared<wire_message>(
      seal(pack(one_large(), mode, edelivery::tests::fr().point, noon()).value(), mode, noon()).value());
  auto const packed = gzip(std::string(4'000'000, 'x'));
  auto const ratio = 4'000'000 / packed.size();
  // `n` beyond the limit is a limit that much lower.
  auto const lowered = [](std::uint64_t limit, std::uint64_t n) { return limit - (n - limit); };
  return {
      {"parts of a P-Mode", 2, "EBMS:0007",
       [wire = sent.wire, lowered](auto n) { return opened_under(wire, {.parts = lowered(2, n)}); }},
      {"message bytes of a P-Mode", body, "EBMS:0007",
       [=, wire = sent.wire](auto n) { return opened_under(wire, {.message_bytes = lowered(body, n)}); }},
      {"unpacked bytes of a part", 4'000'000, "EBMS:0303",
       [=](auto n) {
         return opened_under(*large, {.unpacked = {.bytes = lowered(4'000'000, n), .ratio = 1'000'000}});
       }},
      {"unpacked to packed", ratio, "EBMS:0303",
       [=](auto n) { return without_value(gunzip(packed, {.ratio = lowered(ratio, n)})); }},
  };
}

// --- the security header: here of a message that is whole but for what is repeated in it

std::string const& good_soap(security_profile const& profile) {
  static std::map<std::string, std::string> made;
  auto& soap = made[profile.id];
  if (soap.empty()) soap = sent_under(profile).soap;
  return soap;
}

result<void> header_read(std::string const& soap) {
  auto const envelope = parse_envelope(soap);
  if (!envelope) return envelope.error();
  return without_value(read_security_header(*envelope));
}

// `what` from its start tag to its end tag, so often that there are `n`.
std::string with_more(std::string const& soap, std::string_view from, std::string_view to, std::size_t n) {
  auto const first = cut_out(soap, from, to);
  std::size_t there = 0;
  for (auto at = soap.find(from); at != std::string::npos; at = soap.find(from, at + 1)) ++there;
  auto all = first;
  for (std::size_t copy = 0; copy < n - there; ++copy) {
    auto one = first;
    auto const mark = "Id=\"copy-" + std::to_string(copy) + "-";
    for (auto at = one.find("Id=\""); at != std::string::npos; at = one.find("Id=\"", at + 1))
      one.replace(at, std::string_view("Id=\"").size(), mark);
    all += one;
  }
  return replaced(soap, first, all);
}

// So far that the signature was checked, and did not fit what was changed.
result<void> signature_checked(std::string soap) {
  auto const profile = edelivery_1_15_rsa();
  auto message = sent_under(profile);
  message.soap = std::move(soap);
  auto const got = opened(message, terms_under(profile));
  REQUIRE_FALSE(got);
  return got.error().detail.find("does not verify") != std::string::npos ? result<void>{} : result<void>{got.error()};
}

std::string prefix_list(std::string const& prefixes) {
  return replaced(good_soap(edelivery_1_15_rsa()), "xml-exc-c14n#\"></ds:CanonicalizationMethod>",
                  "xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec='http://www.w3.org/2001/10/xml-exc-c14n#' "
                  "PrefixList='" +
                      prefixes + "'/></ds:CanonicalizationMethod>");
}

result<void> path_read(std::size_t certificates) {
  auto const inside = repeated(sender().cert.der(), certificates);
  std::string const size = {static_cast<char>(inside.size() >> 8), static_cast<char>(inside.size() & 0xff)};
  auto const token =
      "<wsse:BinarySecurityToken wsu:Id='t' "
      "ValueType='http://docs.oasis-open.org/wss/2004/01/"
      "oasis-200401-wss-x509-token-profile-1.0#X509PKIPathv1'>" +
      to_base64("\x30\x82" + size + inside) + "</wsse:BinarySecurityToken>";
  auto const envelope = parse_envelope(
      around("", token + "<wsse:SecurityTokenReference><wsse:Reference URI='#t'/></wsse:SecurityTokenReference>", ""));
  REQUIRE(envelope);
  return without_value(resolve_token(*envelope, *envelope->security()->child(ns::wsse, "SecurityTokenReference"), {}));
}

// Blanks count in ds:SignedInfo: what is signed is this long in canonical form.
result<void> signed_info_of(std::size_t bytes) {
  auto const& soap = good_soap(edelivery_1_15_rsa());
  auto const envelope = parse_envelope(soap);
  auto const header = read_security_header(*envelope).value();
  auto const now = xml::canonicalize(header.signature.signed_info, header.signature.prefixes)->size();
  return signature_checked(replaced(soap, "<ds:SignedInfo>", "<ds:SignedInfo>" + std::string(bytes - now, ' ')));
}

std::vector<limited> limits_of_security() {
  auto const rsa = edelivery_1_15_rsa();
  auto const more = [rsa](std::string from, std::string to) {
    return [=](std::uint64_t n) { return header_read(with_more(good_soap(rsa), from, to, n)); };
  };
  auto const digest = cut_out(good_soap(rsa), "<ds:DigestValue>", "</ds:DigestValue>");
  auto const eddsa = edelivery_2_0_eddsa();
  auto const salt = cut_out(good_soap(eddsa), ":Salt>", "<");
  return {
      {"references", 32, "EBMS:0103", more("<ds:Reference ", "</ds:Reference>")},
      {"encrypted keys", 4, "EBMS:0103", more("<xenc:EncryptedKey ", "</xenc:EncryptedKey>")},
      {"encrypted parts", 32, "EBMS:0103", more("<xenc:EncryptedData ", "</xenc:EncryptedData>")},
      {"tokens", 4, "EBMS:0103", more("<wsse:BinarySecurityToken ", "</wsse:BinarySecurityToken>")},
      {"characters of a prefix list", 2048, "EBMS:0103",
       [](auto n) { return header_read(prefix_list(std::string(n, 'p'))); }},
      {"prefixes of a list", 32, "EBMS:0101",
       [](auto n) { return signature_checked(prefix_list(repeated("eb ", n))); }},
      {"characters of a digest", 256, "EBMS:0103",
       [=](auto n) {
         auto const longer = "<ds:DigestValue>" + std::string(n, 'A') + "</ds:DigestValue>";
         return header_read(replaced(good_soap(rsa), digest, longer));
       }},
      {"octets of ds:SignedInfo", 128 * 1024, "EBMS:0101", [](auto n) { return signed_info_of(n); }},
      {"bytes of a salt", 1024, "EBMS:0103",
       [=](auto n) {
         return header_read(replaced(good_soap(eddsa), salt, ":Salt>" + to_base64(std::string(n, 's')) + "<"));
       }},
      {"certificates of a path", 10, "EBMS:0103", [](auto n) { return path_read(n); }},
  };
}

// --- the ebMS header

result<void> messaging_read(std::string const& messaging) {
  auto const envelope = parse_envelope(around("", "", messaging));
  if (!envelope) return envelope.error();
  return without_value(read_messaging(envelope->messaging()));
}

std::string user_text(user_message header) {
  header.timestamp = noon();
  header.message_id = "m@x";
  header.from = {"FR", "urn:t", "urn:r"};
  header.to = {"EU", "urn:t", "urn:r"};
  header.service = header.action = "urn:s";
  header.conversation_id = "c";
  header.properties.push_back({"name", "value", ""});
  header.parts.push_back({"part@x", {}});
  return write_user_message(header).value();
}

std::string signal_text(std::string const& content) {
  return "<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>2026-11-22T12:00:00Z</eb:Timestamp>"
         "<eb:MessageId>s@x</eb:MessageId></eb:MessageInfo>" +
         content + "</eb:SignalMessage>";
}

std::vector<limited> limits_of_header() {
  auto const user = user_text({});
  auto const set = [=](std::string what, std::string with) { return messaging_read(replaced(user, what, with)); };
  return {
      {"properties", 256, "EBMS:0009",
       [=](auto n) {
         return set("</eb:MessageProperties>",
                    numbered("<eb:Property name='p%'>v</eb:Property>", n - 1) + "</eb:MessageProperties>");
       }},
      {"bytes of a property", 4096, "EBMS:0009",
       [=](auto n) { return set(">value<", ">" + std::string(n, 'v') + "<"); }},
      {"parts named", 1024, "EBMS:0009",
       [=](auto n) {
         return set("</eb:PayloadInfo>", numbered("<eb:PartInfo href='cid:%'/>", n - 1) + "</eb:PayloadInfo>");
       }},
      {"characters of a message id", 255, "EBMS:0009",
       [=](auto n) { return set(">m@x<", ">" + std::string(n - 2, 'm') + "@x<"); }},
      {"characters of a conversation id", 255, "EBMS:0009",
       [=](auto n) { return set(">c</eb:ConversationId", ">" + std::string(n, 'c') + "</eb:ConversationId"); }},
      {"errors of a signal", 64, "EBMS:0009",
       [](auto n) {
         return messaging_read(signal_text(repeated("<eb:Error errorCode='EBMS:0004' severity='failure'/>", n)));
       }},
      {"characters of a channel", 255, "EBMS:0009",
       [](auto n) { return messaging_read(signal_text("<eb:PullRequest mpc='" + std::string(n, 'm') + "'/>")); }},
  };
}

void check(std::vector<limited> const& all) {
  manual_clock time{noon()};
  auto const us = edelivery::tests::eu();
  edelivery::receiver const desk(us.book, us.point, time);
  for (auto const& each : all) {
    INFO(each.name << ", " << each.limit);
    auto const at = each.judge(each.limit);
    if (!at) FAIL_CHECK(to_text(at.error()));
    auto const beyond = each.judge(each.limit + 1);
    CHECK_FALSE(beyond);
    if (beyond) continue;
    auto const why = refused_for(beyond.error());
    CHECK(why.code == each.code);
    INFO(why.diagnosis.detail);
    // Where the limit is lowered instead, it is that one which is told.
    auto const told = [&](std::uint64_t number) {
      return why.diagnosis.detail.find(std::to_string(number)) != std::string::npos;
    };
    CHECK((told(each.limit) || told(each.limit - 1)));
    auto const answer = desk.refuse(why);
    CHECK(answer.body.find(why.diagnosis.detail) == std::string::npos);
    CHECK(answer.body.find(why.diagnosis.code) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("limits of the XML of a SOAP part") { check(limits_of_xml()); }

TEST_CASE("limits of a MIME body and its parts") { check(limits_of_mime()); }

TEST_CASE("limits that a P-Mode sets") { check(limits_of_pmode()); }

TEST_CASE("limits of a security header") { check(limits_of_security()); }

TEST_CASE("limits of an ebMS header") { check(limits_of_header()); }
