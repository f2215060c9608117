// What the WS plug-in answers, to the letter: back ends read it with generated code.
#include <catch2/catch.hpp>

#include "edelivery/backend/wsplugin.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;

namespace {

std::string enveloped(std::string const& body, std::string const& header = {}) {
  return R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:ws="http://eu.domibus.wsplugin/">)" +
         header + "<soap:Body>" + body + "</soap:Body></soap:Envelope>";
}

}  // namespace

TEST_CASE("the short answers are one element, its children without namespace") {
  CHECK(write_submitted("a&b@c") ==
        enveloped("<ws:submitResponse><messageID>a&amp;b@c</messageID></ws:submitResponse>"));
  CHECK(write_pending({}) == enveloped("<ws:listPendingMessagesResponse></ws:listPendingMessagesResponse>"));
  CHECK(write_pending({"1@x", "2@x"}) ==
        enveloped("<ws:listPendingMessagesResponse><messageID>1@x</messageID><messageID>2@x</messageID>"
                  "</ws:listPendingMessagesResponse>"));
  CHECK(write_downloaded("1@x") == enveloped("<ws:markMessageAsDownloadedResponse><messageID>1@x</messageID>"
                                             "</ws:markMessageAsDownloadedResponse>"));
  CHECK(write_status(message_status::acknowledged) ==
        enveloped("<ws:getStatusResponse>ACKNOWLEDGED</ws:getStatusResponse>"));
  CHECK(write_errors({}) == enveloped("<ws:getMessageErrorsResponse></ws:getMessageErrorsResponse>"));
  CHECK(write_errors({{"EBMS:0301", "no <receipt>", "1@x", access_point_role::sending, instant{}}}) ==
        enveloped("<ws:getMessageErrorsResponse><item><domibusErrorCode>EBMS_0301</domibusErrorCode>"
                  "<errorDetail>no &lt;receipt&gt;</errorDetail><messageInErrorId>1@x</messageInErrorId>"
                  "<mshRole>SENDING</mshRole><timestamp>1970-01-01T00:00:00.000Z</timestamp></item>"
                  "</ws:getMessageErrorsResponse>"));
}

TEST_CASE("every status has the word that Domibus has for it") {
  struct {
    message_status status;
    std::string_view word;
  } const cases[] = {{message_status::ready_to_pull, "READY_TO_PULL"},
                     {message_status::send_enqueued, "SEND_ENQUEUED"},
                     {message_status::send_in_progress, "SEND_IN_PROGRESS"},
                     {message_status::waiting_for_retry, "WAITING_FOR_RETRY"},
                     {message_status::acknowledged, "ACKNOWLEDGED"},
                     {message_status::send_failure, "SEND_FAILURE"},
                     {message_status::received, "RECEIVED"},
                     {message_status::downloaded, "DOWNLOADED"},
                     {message_status::not_found, "NOT_FOUND"}};
  for (auto const& [status, word] : cases) CHECK(to_text(status) == word);
}

TEST_CASE("a retrieved message is its header and its payloads, with gaps for their bytes") {
  user_message header;
  header.message_id = "m@x";
  header.from = {"FR", "urn:t", "urn:s"};
  header.to = {"EU", "", "urn:r"};
  header.service = "s";
  header.action = "a";
  header.conversation_id = "c";
  header.parts = {{"one@x", {{"MimeType", "text/xml", ""}}}, {"two\"", {{"kind", "bill", ""}}}};
  auto const texts = write_retrieved(header);
  REQUIRE(texts.size() == 3);
  auto const& first = texts.at(0);
  CHECK(first.find(
            "<soap:Header><eb:Messaging xmlns:eb=\"http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/\">"
            "<eb:UserMessage><eb:MessageInfo>") != std::string::npos);
  CHECK(first.find(R"(<eb:PartInfo href="cid:one@x"><eb:PartProperties><eb:Property name="MimeType">text/xml)") !=
        std::string::npos);
  CHECK(first.ends_with(
      R"(<soap:Body><ws:retrieveMessageResponse><payload payloadId="cid:one@x" contentType="text/xml"><value>)"));
  CHECK(texts.at(1) ==
        R"(</value></payload><payload payloadId="cid:two&quot;" contentType="application/octet-stream"><value>)");
  CHECK(texts.at(2) == "</value></payload></ws:retrieveMessageResponse></soap:Body></soap:Envelope>");
  header.parts.clear();
  CHECK(write_retrieved(header).back().ends_with(
      "<soap:Body><ws:retrieveMessageResponse></ws:retrieveMessageResponse></soap:Body></soap:Envelope>"));
}

TEST_CASE("what a partner wrote and we would not is handed on as it came") {
  user_message header;
  header.message_id = "no-domain";
  header.from = {"FR", "", ""};
  header.to = {"EU", "", "urn:r"};
  header.service = "s";
  header.action = "a";
  header.properties = {{"note", std::string(4'000, 'n'), ""}, {std::string(300, 'x'), "", "urn:t"}};
  for (auto const& text : {write_retrieved(header).at(0), write_retrieved_as_mtom(header).texts.at(0)}) {
    CHECK(text.find("<eb:MessageId>no-domain</eb:MessageId>") != std::string::npos);
    CHECK(text.find("<eb:From><eb:PartyId>FR</eb:PartyId></eb:From>") != std::string::npos);
    CHECK(text.find(">" + header.properties[0].value + "</eb:Property>") != std::string::npos);
    CHECK(text.find("ConversationId") == std::string::npos);  // no empty elements: the plug-in's schema has none
  }
}

TEST_CASE("a fault has a code of the plug-in and a sentence") {
  CHECK(
      write_fault("WS_PLUGIN_0009", "No message with id [<x>] found") ==
      enveloped("<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason>"
                "<soap:Text xml:lang=\"en\">No message with id [&lt;x&gt;] found</soap:Text></soap:Reason><soap:Detail>"
                "<ws:FaultDetail><code>WS_PLUGIN_0009</code><message>No message with id [&lt;x&gt;] found</message>"
                "</ws:FaultDetail></soap:Detail></soap:Fault>"));
  struct {
    std::string code, theirs;
  } const cases[] = {{"api.unauthenticated", "WS_PLUGIN_0002"},       {"edelivery.pmode.none", "WS_PLUGIN_0003"},
                     {"edelivery.pmode.party", "WS_PLUGIN_0004"},     {"edelivery.backend.payload", "WS_PLUGIN_0005"},
                     {"edelivery.header.xml", "WS_PLUGIN_0007"},      {"exchange.message.unknown", "WS_PLUGIN_0009"},
                     {"exchange.submission.value", "WS_PLUGIN_0007"}, {"store.disk_full", "WS_PLUGIN_0001"}};
  for (auto const& [code, theirs] : cases) CHECK(fault_code({code, "", "", ""}) == theirs);
}
