#pragma once
// SOAP parts made to be expensive, each within or just beyond one limit.
#include <string>
#include <vector>

#include "edelivery/xml/soap.hpp"

namespace ehds::edelivery::tests {

struct hostile_soap {
  std::string name;
  std::string text;
};

inline std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

// `piece` with "%" replaced by a running number.
inline std::string numbered(std::string_view piece, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    for (char const c : piece) c == '%' ? all += std::to_string(i) : all += c;
  }
  return all;
}

inline std::string nested(std::string_view open, std::string_view inside, std::string_view close, std::size_t depth) {
  return repeated(open, depth) + std::string(inside) + repeated(close, depth);
}

// A header block of its own, beside a Messaging and a Security that look like a message.
inline std::string around(std::string const& block, std::string const& security, std::string const& messaging,
                          std::string const& on_envelope = {}) {
  return "<S12:Envelope xmlns:S12='" + std::string(ns::soap) + "' xmlns:wsse='" + std::string(ns::wsse) +
         "' xmlns:ds='" + std::string(ns::ds) + "' xmlns:wsu='" + std::string(ns::wsu) + "' xmlns:xenc='" +
         std::string(ns::xenc) + "' xmlns:eb='" + std::string(ns::ebms) + "'" + on_envelope + "><S12:Header>" + block +
         "<wsse:Security>" + security + "</wsse:Security><eb:Messaging wsu:Id='m'>" + messaging +
         "</eb:Messaging></S12:Header><S12:Body wsu:Id='b'/></S12:Envelope>";
}

inline std::vector<hostile_soap> hostile_soaps() {
  std::vector<hostile_soap> all;
  auto const add = [&](std::string name, std::string block, std::string security = {}, std::string messaging = {},
                       std::string on_envelope = {}) {
    all.push_back({std::move(name), around(block, security, messaging, on_envelope)});
  };
  for (std::size_t const n : {100U, 1'000U, 3'000U, 9'000U, 50'000U}) {
    auto const count = std::to_string(n);
    add(count + " empty elements", repeated("<a/>", n));
    add(count + " elements of different names", numbered("<a%/>", n));
    add(count + " elements with text", repeated("<a>t</a>", n));
    add(count + " attributes", repeated("<a b='' c='' d='' e='' f='' g='' h='' i='' j='' k=''/>", n / 10));
    add(count + " Ids", numbered("<a wsu:Id='i%'/>", n));
    add(count + " xml:ids", numbered("<a xml:id='x%'/>", n));
    add(count + " namespaces beside each other", numbered("<a xmlns:p='urn:%'/>", n));
    add(count + " prefixed attributes", numbered("<a eb:b='' S12:c='' ds:d='' wsu:e=''/>", n / 4));
    add(count + " comments", repeated("<!---->", n));
    add(count + " character references", "<a>" + repeated("&#38;", n) + "</a>");
    add(count + " references", {},
        "<ds:Signature><ds:SignedInfo>" + numbered("<ds:Reference URI='#r%'/>", n) + "</ds:SignedInfo></ds:Signature>");
    add(count + " tokens", {}, repeated("<wsse:BinarySecurityToken/>", n));
    add(count + " encrypted keys", {}, numbered("<xenc:EncryptedKey Id='k%'/>", n));
    add(count + " properties", {}, {},
        "<eb:UserMessage><eb:MessageProperties>" + numbered("<eb:Property name='p%'>v</eb:Property>", n) +
            "</eb:MessageProperties></eb:UserMessage>");
    add(count + " parts", {}, {},
        "<eb:UserMessage><eb:PayloadInfo>" + numbered("<eb:PartInfo href='cid:%'/>", n) +
            "</eb:PayloadInfo></eb:UserMessage>");
    add(count + " errors", {}, {}, "<eb:SignalMessage>" + repeated("<eb:Error/>", n) + "</eb:SignalMessage>");
  }
  add("depth 60", nested("<a>", "", "</a>", 57));
  add("depth 60 full of names", nested("<a>", repeated("<b/>", 2'000), "</a>", 56));
  add("depth 100,000", nested("<a>", "", "</a>", 100'000));
  add("namespaces in force, then many names",
      numbered("<a%>", 0) + nested("<a xmlns:p='u'>", repeated("<b eb:c=''/>", 2'000), "</a>", 40));
  add("80 namespaces in force on the envelope", repeated("<b eb:c='' wsu:d=''/>", 1'500), {}, {},
      numbered(" xmlns:n%='urn:n%'", 26));
  add("one large text", "<a>" + std::string(3'000'000, 'x') + "</a>");
  add("one large attribute", "<a b='" + std::string(3'000'000, 'x') + "'/>");
  add("one large comment", "<!--" + std::string(3'000'000, 'x') + "-->");
  add("one large token", {}, "<wsse:BinarySecurityToken>" + repeated("QUJD", 700'000) + "</wsse:BinarySecurityToken>");
  add("one large signature value", {},
      "<ds:Signature><ds:SignatureValue>" + repeated("QUJD", 700'000) + "</ds:SignatureValue></ds:Signature>");
  add("open tags only", repeated("<a>", 1'000'000));
  add("ampersands", repeated("&", 1'000'000));
  add("quotes", "<a b='" + repeated("\"", 1'000'000));
  add("equals signs", "<a " + repeated("=", 1'000'000));
  add("blanks", "<a " + repeated(" ", 1'000'000) + "/>");
  return all;
}

}  // namespace ehds::edelivery::tests
