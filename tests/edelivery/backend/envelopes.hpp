#pragma once
// What back ends of Domibus send.
#include <catch2/catch.hpp>
#include <string>
#include <variant>

#include "edelivery/backend/wsplugin.hpp"

namespace ehds::edelivery::tests {

inline std::string in_envelope(std::string const& header, std::string const& body) {
  return R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" )"
         R"(xmlns:ns="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/" )"
         R"(xmlns:_1="http://eu.domibus.wsplugin/"><soap:Header>)" +
         header + "</soap:Header><soap:Body>" + body + "</soap:Body></soap:Envelope>";
}

inline std::string asking(std::string const& body) { return in_envelope("", body); }

inline std::string const parties =
    R"(<ns:PartyInfo><ns:From><ns:PartyId type="urn:t">FR</ns:PartyId><ns:Role>urn:sender</ns:Role></ns:From>)"
    R"(<ns:To><ns:PartyId type="urn:t">EU</ns:PartyId><ns:Role>urn:receiver</ns:Role></ns:To></ns:PartyInfo>)";
inline std::string const collaboration =
    R"(<ns:CollaborationInfo><ns:Service type="tc1">bdx:noprocess</ns:Service><ns:Action>TC1Leg1</ns:Action>)"
    R"(</ns:CollaborationInfo>)";
inline std::string const properties =
    R"(<ns:MessageProperties><ns:Property name="originalSender">C1</ns:Property>)"
    R"(<ns:Property name="finalRecipient" type="urn:x">C4</ns:Property></ns:MessageProperties>)";

inline std::string submitting(std::string const& message, std::string const& payloads) {
  return in_envelope("<ns:Messaging><ns:UserMessage>" + message + "</ns:UserMessage></ns:Messaging>",
                     "<_1:submitRequest>" + payloads + "</_1:submitRequest>");
}
inline std::string listed_part(std::string const& href, std::string const& inside = {}) {
  return "<ns:PartInfo href=\"" + href + "\">" + inside + "</ns:PartInfo>";
}
inline std::string payload_info(std::string const& parts) { return "<ns:PayloadInfo>" + parts + "</ns:PayloadInfo>"; }
inline std::string payload(std::string const& id, std::string const& value) {
  return "<payload payloadId=\"" + id + "\" contentType=\"text/xml\"><value>" + value + "</value></payload>";
}

// What our plug-in understands of it.
template <class Asked>
Asked read_as(std::string const& soap) {
  auto const read = backend::read_request(memory_source(soap));
  INFO((read ? std::string("read") : to_text(read.error())));
  REQUIRE(read);
  REQUIRE(std::holds_alternative<Asked>(*read));
  return std::get<Asked>(*read);
}

}  // namespace ehds::edelivery::tests
