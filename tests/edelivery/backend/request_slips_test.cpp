// What the plug-in's schema does not have is refused by name, with its place and what was probably meant.
#include <catch2/catch.hpp>

#include "edelivery/backend/envelopes.hpp"
#include "edelivery/backend/wsplugin.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

struct slip {
  std::string where, mend, soap;
};

void refused(std::vector<slip> const& slips) {
  for (auto const& [where, mend, soap] : slips) {
    INFO(soap.substr(0, 1500));
    auto const read = read_request(memory_source(soap));
    REQUIRE_FALSE(read);
    INFO(to_text(read.error()));
    CHECK(read.error().where == where);
    CHECK(read.error().mend.starts_with(mend));
  }
}

std::string asked(std::string const& request, std::string const& inside, std::string const& attributes = {}) {
  return asking("<_1:" + request + attributes + ">" + inside + "</_1:" + request + ">");
}

std::string changed(std::string from, std::string const& what, std::string const& by) {
  from.replace(from.find(what), what.size(), by);
  return submitting(from + payload_info(listed_part("cid:a")), payload("cid:a", "aGk="));
}

std::string const id = "<messageID>a@b</messageID>";

}  // namespace

TEST_CASE("in a request only known elements and attributes stand, in the order of the schema") {
  refused({
      {"retrieveMessageRequest/@markAsDownloadet", "did you mean markAsDownloaded? there may be markAsDownloaded",
       asked("retrieveMessageRequest", id, " markAsDownloadet=\"false\"")},
      {"retrieveMessageRequest/@markAsDownloaded", "write true or false, or leave it out: it is true then",
       asked("retrieveMessageRequest", id, " markAsDownloaded=\"flase\"")},
      {"retrieveMessageRequest/markAsDownloaded",
       "write it as an attribute: <retrieveMessageRequest markAsDownloaded=\"..\">",
       asked("retrieveMessageRequest", id + "<markAsDownloaded>false</markAsDownloaded>")},
      {"retrieveMessageRequest/messageId", "did you mean messageID? there may stand messageID",
       asked("retrieveMessageRequest", "<messageId>a@b</messageId>")},
      {"statusRequest/messageID", "write <messageID> without a namespace",
       asked("statusRequest", "<_1:messageID>a@b</_1:messageID>")},
      {"statusRequest/messageID", "write it once", asked("statusRequest", id + id)},
      {"statusRequest/@colour", "leave it out: this element has none", asked("statusRequest", id, " colour=\"red\"")},
      {"statusRequest", "there may stand messageID",
       asked("statusRequest", id + "<" + std::string(101, 'x') + "/>")},  // too long to be shown
      {"statusRequestWithAccessPointRole/messageID", "write them in this order: messageID, accessPointRole",
       asked("statusRequestWithAccessPointRole", "<accessPointRole>SENDING</accessPointRole>" + id)},
      {"listPendingMessagesRequest/fromParty",
       "did you mean fromPartyId? there may stand messageId, conversationId, refToMessageId, fromPartyId, "
       "finalRecipient, originalSender, receivedFrom, receivedTo",
       asked("listPendingMessagesRequest", "<fromParty>FR</fromParty>")},
      {"listPendingMessagesRequest/messageId", "write at least one character",
       asked("listPendingMessagesRequest", "<messageId> </messageId>")},
      {"listPushFailedMessagesRequest/fromPartyId",
       "there may stand messageId, finalRecipient, originalSender, receivedFrom, receivedTo",
       asked("listPushFailedMessagesRequest", "<fromPartyId>FR</fromPartyId>")},
      {"rePushFailedMessagesRequest/messageIds", "did you mean messageID? there may stand messageID",
       asked("rePushFailedMessagesRequest", "<messageIds>a@b</messageIds>")},
  });
}

TEST_CASE("in a submission only payloads stand, each with one value") {
  auto const listed = parties + collaboration + payload_info(listed_part("cid:a"));
  refused({
      {"submitRequest/paylod", "did you mean payload? there may stand payload, without namespace",
       submitting(listed, "<paylod/>")},
      {"submitRequest/bodyload", "give it as payload, and a PartInfo with its payloadId as href",
       submitting(listed, "<bodyload/>")},
      {"submitRequest/payload/@payloadID", "did you mean payloadId? there may be payloadId, contentType",
       submitting(listed, "<payload payloadID=\"cid:a\"><value>aGk=</value></payload>")},
      {"submitRequest/payload[@payloadId='a']/valeu",
       "did you mean value? write one <value>, without namespace, with the bytes in base64 or an xop:Include",
       submitting(listed, "<payload payloadId=\"cid:a\"><valeu>aGk=</valeu></payload>")},
      {"submitRequest/payload[@payloadId='a']/value",
       "write one <value>, without namespace, with the bytes in base64 or an xop:Include",
       submitting(listed, "<payload payloadId=\"cid:a\"/>")},
      {"submitRequest/payload[@payloadId='a']/value",
       "write one <value>, without namespace, with the bytes in base64 or an xop:Include",
       submitting(listed, "<payload payloadId=\"cid:a\"><value>aGk=</value><value/></payload>")},
  });
}

TEST_CASE("in the header of a submission only known elements stand, in any order, each once") {
  auto const head = parties + collaboration;
  refused({
      {"Envelope/Header/Mesaging",
       "write eb:Messaging in the SOAP header, of the namespace "
       "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/",
       in_envelope("<ns:Mesaging/>", "<_1:submitRequest/>")},
      {"UserMessage/PartyInf", "did you mean PartyInfo? there may stand MessageInfo, PartyInfo, CollaborationInfo, ",
       changed(collaboration + parties, "<ns:PartyInfo>", "<ns:PartyInf/><ns:PartyInfo>")},
      {"UserMessage/PartyInfo/sender", "there may stand From, To", changed(head, "<ns:From>", "<ns:sender/><ns:From>")},
      {"UserMessage/PartyInfo/Form", "did you mean From? there may stand From, To",
       changed(head, R"(<ns:From><ns:PartyId type="urn:t">FR</ns:PartyId><ns:Role>urn:sender</ns:Role></ns:From>)",
               "<ns:Form/>")},
      {"UserMessage/PartyInfo/From", "write it once", changed(head, "<ns:To>", "<ns:From/><ns:To>")},
      {"UserMessage/PartyInfo/To", "send a header as the ebMS 3.0 schema has it",
       changed(head, R"(<ns:To><ns:PartyId type="urn:t">EU</ns:PartyId><ns:Role>urn:receiver</ns:Role></ns:To>)", "")},
      {"UserMessage/PartyInfo/From/PartyId/@typ", "did you mean type? there may be type",
       changed(head, "type=\"urn:t\"", "typ=\"urn:t\"")},
      {"UserMessage/CollaborationInfo/Service", "give it the namespace http://docs.oasis-open.org/",
       changed(head, "<ns:Service", "<Service/><ns:Service")},
      {"UserMessage/CollaborationInfo/Agreement", "did you mean AgreementRef? there may stand AgreementRef, Service, ",
       changed(head, "<ns:Service", "<ns:Agreement>a</ns:Agreement><ns:Service")},
      {"UserMessage/PayloadInfo/PartInfo/Description", "there may stand PartProperties",
       submitting(head + payload_info(listed_part("cid:a", "<ns:Description/>")), payload("cid:a", "aGk="))},
      {"UserMessage/ProcessingType", "leave it out: the P-Mode has it",
       changed(head, "<ns:PartyInfo>", "<ns:ProcessingType>PUSHED</ns:ProcessingType><ns:PartyInfo>")},
  });
}

TEST_CASE("attributes of other namespaces, and headers beside eb:Messaging, are nobody's slip") {
  std::string const others =
      R"( xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="x1" )"
      R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xml:lang="en" )";
  auto const marked = [&](std::string text) {
    for (auto const* tag :
         {"<ns:UserMessage", "<ns:PartyId", "<ns:PartInfo", "<_1:submitRequest", "<payload", "<value"})
      if (auto const at = text.find(tag); at != std::string::npos) text.insert(at + std::string(tag).size(), others);
    return text;
  };
  auto const head = R"(<wsa:To xmlns:wsa="http://www.w3.org/2005/08/addressing">x</wsa:To>)"
                    R"(<ns:Messaging soap:mustUnderstand="true" mustUnderstand="true"><ns:UserMessage mpc="">)" +
                    parties + collaboration + payload_info(listed_part("cid:a")) + "</ns:UserMessage></ns:Messaging>";
  auto const body = "<_1:submitRequest>" + payload("cid:a", "aGk=") + "</_1:submitRequest>";
  auto const read = read_as<submit_request>(marked(in_envelope(head, body)));
  REQUIRE(read.payloads.size() == 1);
  CHECK(read.payloads[0].bytes == "hi");
  CHECK(read_as<submit_request>(submitting(parties + collaboration + "<ns:ProcessingType/>", "")).payloads.empty());
}
