#pragma once
// What the WS plug-in of a Domibus answers, written as its Java writes it: prefixes of its own, every list there even
// when it is empty, times without an offset.
#include <string>

namespace ehds::edelivery::tests {

inline std::string answer_with(std::string const& header, std::string const& body) {
  return R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Header>)" + header +
         "</soap:Header><soap:Body>" + body + "</soap:Body></soap:Envelope>";
}

// One element of the plug-in's namespace.
inline std::string answer_of(std::string const& name, std::string const& inside) {
  return answer_with("", "<ns4:" + name + R"( xmlns:ns4="http://eu.domibus.wsplugin/" )" +
                             R"(xmlns:ns2="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/">)" + inside +
                             "</ns4:" + name + ">");
}

inline std::string fault_answer(std::string const& code, std::string const& message) {
  return answer_with("",
                     "<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason>"
                     "<soap:Text xml:lang=\"en\">It failed</soap:Text></soap:Reason><soap:Detail>"
                     "<ns4:FaultDetail xmlns:ns4=\"http://eu.domibus.wsplugin/\"><code>" +
                         code + "</code><message>" + message +
                         "</message></ns4:FaultDetail></soap:Detail></soap:Fault>");
}

inline std::string const retrieved_parties =
    R"(<ns2:PartyInfo><ns2:From><ns2:PartyId type="urn:t">EU</ns2:PartyId><ns2:Role>urn:sender</ns2:Role></ns2:From>)"
    R"(<ns2:To><ns2:PartyId type="urn:t">FR</ns2:PartyId><ns2:Role>urn:receiver</ns2:Role></ns2:To></ns2:PartyInfo>)";
inline std::string const retrieved_info =
    "<ns2:MessageInfo><ns2:Timestamp>2026-11-22T11:00:00.5</ns2:Timestamp><ns2:MessageId>m1@eu</ns2:MessageId>"
    "</ns2:MessageInfo>";
inline std::string const retrieved_collaboration =
    R"(<ns2:CollaborationInfo><ns2:Service type="tc1">bdx:noprocess</ns2:Service><ns2:Action>TC1Leg1</ns2:Action>)"
    "<ns2:ConversationId>c-1</ns2:ConversationId></ns2:CollaborationInfo>";

inline std::string retrieved_answer(std::string const& message, std::string const& payloads) {
  return answer_with(
      R"(<ns2:Messaging xmlns:ns2="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"><ns2:UserMessage>)" +
          message + "</ns2:UserMessage></ns2:Messaging>",
      R"(<ns4:retrieveMessageResponse xmlns:ns4="http://eu.domibus.wsplugin/">)" + payloads +
          "</ns4:retrieveMessageResponse>");
}
inline std::string retrieved_part(std::string const& href, std::string const& properties = {}) {
  return "<ns2:PartInfo href=\"" + href + "\"><ns2:PartProperties>" + properties +
         "</ns2:PartProperties></ns2:PartInfo>";
}
inline std::string retrieved_property(std::string const& name, std::string const& value) {
  return "<ns2:Property name=\"" + name + "\">" + value + "</ns2:Property>";
}
inline std::string retrieved_value(std::string const& id, std::string const& value) {
  return "<payload payloadId=\"" + id + "\"><value>" + value + "</value></payload>";
}

// What its push service says: an element of eu.domibus, with nothing inside that has a namespace.
inline std::string pushed(std::string const& name, std::string const& inside, std::string const& header = {}) {
  return R"(<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Header>)" + header +
         "</env:Header><env:Body><ns2:" + name + R"( xmlns:ns2="eu.domibus">)" + inside + "</ns2:" + name +
         "></env:Body></env:Envelope>";
}

// A message pushed whole, of the pieces above.
inline std::string pushed_message(std::string message, std::string const& payloads) {
  for (auto at = message.find("ns2:"); at != std::string::npos; at = message.find("ns2:", at)) message.erase(at, 4);
  return pushed("submitRequest", payloads,
                R"(<ns2:Messaging xmlns:ns2="eu.domibus"><UserMessage>)" + message + "</UserMessage></ns2:Messaging>");
}

}  // namespace ehds::edelivery::tests
