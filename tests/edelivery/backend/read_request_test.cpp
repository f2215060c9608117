// What a back end asks of the WS plug-in, read and refused.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/envelopes.hpp"
#include "edelivery/backend/wsplugin.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

std::string include(std::string const& href) {
  return R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href=")" + href + "\"/>";
}

std::string code_of_request(std::string const& soap) {
  auto const read = read_request(memory_source(soap));
  return read ? "read" : read.error().code;
}

}  // namespace

TEST_CASE("a message is read with inline and attached payloads, each with its properties") {
  auto const soap = submitting(
      "<ns:MessageInfo><ns:Timestamp>whenever</ns:Timestamp><ns:MessageId> mine@erp </ns:MessageId>"
      "<ns:RefToMessageId>theirs@x</ns:RefToMessageId></ns:MessageInfo>" +
          parties +
          R"(<ns:CollaborationInfo><ns:AgreementRef pmode="p" type="urn:at">a</ns:AgreementRef><ns:Service type="tc1">bdx:noprocess</ns:Service>)"
          R"(<ns:Action>TC1Leg1</ns:Action><ns:ConversationId>c-1</ns:ConversationId></ns:CollaborationInfo>)" +
          properties +
          payload_info(
              listed_part(
                  "cid:message",
                  R"(<ns:PartProperties><ns:Property name="MimeType">text/csv</ns:Property>)"
                  R"(<ns:Property name="CharacterSet">utf-8</ns:Property><ns:Property name="kind">bill</ns:Property>)"
                  R"(<ns:Property name="CompressionType">application/gzip</ns:Property></ns:PartProperties>)") +
              listed_part("cid:plan@x") + listed_part("bare")),
      payload("cid:plan@x", R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:plan%40x"/>)") +
          payload("cid:message", " aGVs\n bG8= ") + payload("bare", ""));
  auto const read = read_as<submit_request>(soap);
  CHECK(read.header.message_id == "mine@erp");
  CHECK(read.header.ref_to_message_id == "theirs@x");
  CHECK(read.header.from == message_party{"FR", "urn:t", "urn:sender"});
  CHECK(read.header.to == message_party{"EU", "urn:t", "urn:receiver"});
  CHECK(read.header.service == "bdx:noprocess");
  CHECK(read.header.service_type == "tc1");
  CHECK(read.header.action == "TC1Leg1");
  CHECK(read.header.conversation_id == "c-1");
  CHECK(read.header.agreement == "a");
  CHECK(read.header.agreement_type == "urn:at");
  CHECK(read.header.properties ==
        std::vector<message_property>{{"originalSender", "C1", ""}, {"finalRecipient", "C4", "urn:x"}});
  REQUIRE(read.payloads.size() == 3);
  CHECK(read.payloads[0].payload_id == "message");
  CHECK(read.payloads[0].bytes == "hello");
  CHECK(read.payloads[0].mime_type == "text/csv");
  CHECK(read.payloads[0].character_set == "utf-8");
  CHECK(read.payloads[0].properties == std::vector<message_property>{{"kind", "bill", ""}});
  CHECK(read.payloads[1].attachment == "plan%40x");
  CHECK(read.payloads[1].mime_type == "text/xml");
  CHECK(read.payloads[2].bytes.empty());
  CHECK(read.payloads[2].attachment.empty());
}

TEST_CASE("a header is read in whatever order its elements stand, for the plug-in's schema has xs:all") {
  auto const read = read_as<submit_request>(submitting(
      "<ns:ProcessingType>PUSH</ns:ProcessingType>" +
          payload_info("<ns:PartInfo href=\"cid:message\"><ns:PartProperties><ns:Property name=\"MimeType\">text/csv"
                       "</ns:Property></ns:PartProperties></ns:PartInfo>") +
          properties +
          "<ns:CollaborationInfo><ns:ConversationId>c-1</ns:ConversationId><ns:Action>TC1Leg1</ns:Action>"
          "<ns:Service type=\"tc1\">bdx:noprocess</ns:Service></ns:CollaborationInfo>"
          "<ns:PartyInfo><ns:To><ns:Role>urn:receiver</ns:Role><ns:PartyId>EU</ns:PartyId></ns:To>"
          "<ns:From><ns:Role>urn:sender</ns:Role><ns:PartyId type=\"urn:t\">FR</ns:PartyId></ns:From></ns:PartyInfo>"
          "<ns:MessageInfo><ns:RefToMessageId>theirs@x</ns:RefToMessageId><ns:MessageId>mine@erp</ns:MessageId>"
          "</ns:MessageInfo>",
      payload("cid:message", "aGk=")));
  CHECK(read.header.message_id == "mine@erp");
  CHECK(read.header.ref_to_message_id == "theirs@x");
  CHECK(read.header.from == message_party{"FR", "urn:t", "urn:sender"});
  CHECK(read.header.to == message_party{"EU", "", "urn:receiver"});
  CHECK(read.header.service_type == "tc1");
  CHECK(read.header.action == "TC1Leg1");
  CHECK(read.header.conversation_id == "c-1");
  CHECK(read.header.properties.size() == 2);
  REQUIRE(read.payloads.size() == 1);
  CHECK(read.payloads[0].mime_type == "text/csv");
}

TEST_CASE("a payload of megabytes stays where it lies in the text") {
  std::string const large = std::string(7'000'000, 'x') + "!";
  auto const soap = submitting(parties + collaboration + payload_info(listed_part("cid:a") + listed_part("cid:b")),
                               payload("cid:a", "\n" + to_base64(large) + "\n") + payload("cid:b", "aGk="));
  auto const read = read_as<submit_request>(soap);
  REQUIRE(read.payloads.size() == 2);
  CHECK(read.payloads[0].bytes.empty());
  CHECK(read.payloads[0].mime_type == "text/xml");
  string_sink all;
  memory_source const whole(soap);
  REQUIRE(decode_base64(source_range(whole, read.payloads[0].base64.at, read.payloads[0].base64.size), all));
  CHECK(all.text == large);
  CHECK(read.payloads[1].bytes == "hi");
  CHECK(read.payloads[1].base64.empty());
}

TEST_CASE("a part is found however its name is quoted") {
  CHECK(is_included("plan@x", "plan@x"));
  CHECK(is_included("plan%40x", "plan@x"));
  CHECK(is_included("plan%40x", "plan%40x"));
  CHECK_FALSE(is_included("plan@x", "plan%40x"));
  CHECK_FALSE(is_included("plan%4", "plan@x"));
  CHECK_FALSE(is_included("", ""));
}

TEST_CASE("what the access point knows better may be left out") {
  auto const read = read_as<submit_request>(submitting(
      R"(<ns:PartyInfo><ns:From><ns:PartyId>FR</ns:PartyId></ns:From><ns:To><ns:PartyId>EU</ns:PartyId></ns:To></ns:PartyInfo>)" +
          collaboration,
      ""));
  CHECK(read.header.message_id.empty());
  CHECK(read.header.conversation_id.empty());
  CHECK(read.header.from.role.empty());
  CHECK(read.payloads.empty());
}

TEST_CASE("the other questions are read with what they name") {
  auto const pending = read_as<pending_request>(
      asking("<_1:listPendingMessagesRequest><messageId>m</messageId><conversationId>c</conversationId>"
             "<refToMessageId>r</refToMessageId><fromPartyId>f</fromPartyId><finalRecipient>z</finalRecipient>"
             "<originalSender>o</originalSender><receivedFrom>2026-11-22T10:00:00</receivedFrom>"
             "<receivedTo>2026-11-22T12:00:00.5+01:00</receivedTo></_1:listPendingMessagesRequest>"));
  CHECK(pending.message_id + pending.conversation_id + pending.ref_to_message_id + pending.from_party_id +
            pending.final_recipient + pending.original_sender ==
        "mcrfzo");
  CHECK(to_rfc3339(pending.received_from.value()) == "2026-11-22T10:00:00.000Z");
  CHECK(to_rfc3339(pending.received_to.value()) == "2026-11-22T11:00:00.500Z");
  CHECK_FALSE(read_as<pending_request>(asking("<_1:listPendingMessagesRequest/>")).received_from);
  CHECK(read_as<pending_request>(asking("<_1:listPendingMessagesRequest/>")).message_id.empty());

  auto const failed = read_as<push_failed_request>(
      asking("<_1:listPushFailedMessagesRequest><messageId>m</messageId><finalRecipient>z</finalRecipient>"
             "<receivedFrom>2026-11-22T10:00:00</receivedFrom></_1:listPushFailedMessagesRequest>"));
  CHECK(failed.message_id + failed.final_recipient == "mz");
  CHECK(failed.received_from);
  CHECK(read_as<push_again_request>(asking("<_1:rePushFailedMessagesRequest><messageID> a@b </messageID>"
                                           "<messageID>c@d</messageID></_1:rePushFailedMessagesRequest>"))
            .message_ids == std::vector<std::string>{"a@b", "c@d"});

  auto const id = std::string("<messageID>a@b</messageID>");
  auto const retrieve =
      read_as<retrieve_request>(asking("<_1:retrieveMessageRequest>" + id + "</_1:retrieveMessageRequest>"));
  CHECK(retrieve.message_id == "a@b");
  CHECK(retrieve.marks_as_downloaded);
  for (auto const& [word, marks] : {std::pair("false", false), std::pair("0", false), std::pair("False", false),
                                    std::pair("true", true), std::pair("1", true), std::pair("", true)})
    CHECK(read_as<retrieve_request>(asking("<_1:retrieveMessageRequest markAsDownloaded=\"" + std::string(word) +
                                           "\">" + id + "</_1:retrieveMessageRequest>"))
              .marks_as_downloaded == marks);
  CHECK(read_as<status_request>(asking("<_1:statusRequest>" + id + "</_1:statusRequest>")).role ==
        access_point_role::either);
  CHECK(read_as<status_request>(
            asking("<_1:statusRequestWithAccessPointRole>" + id +
                   "<accessPointRole>SENDING</accessPointRole></_1:statusRequestWithAccessPointRole>"))
            .role == access_point_role::sending);
  CHECK(read_as<errors_request>(asking("<_1:getErrorsRequest>" + id + "</_1:getErrorsRequest>")).message_id == "a@b");
  CHECK(read_as<errors_request>(
            asking("<_1:getErrorsRequestWithAccessPointRole>" + id +
                   "<accessPointRole>RECEIVING</accessPointRole></_1:getErrorsRequestWithAccessPointRole>"))
            .role == access_point_role::receiving);
  CHECK(read_as<downloaded_request>(
            asking("<_1:markMessageAsDownloadedRequest>" + id + "</_1:markMessageAsDownloadedRequest>"))
            .message_id == "a@b");
}

TEST_CASE("what is no request of the plug-in is refused by its kind") {
  auto const id = std::string("<messageID>a@b</messageID>");
  std::string many;
  for (int n = 0; n < 101; ++n) many += id;
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.xml", "not xml"},
      {"edelivery.header.doctype", "<!DOCTYPE a><a/>"},
      {"edelivery.header.xml", std::string(100, '<')},
      {"edelivery.backend.operation", "<a/>"},
      {"edelivery.backend.operation", asking("")},
      {"edelivery.backend.operation", asking("<submitRequest/>")},
      {"edelivery.backend.operation", asking("<_1:submitRequest/>")},
      {"edelivery.backend.operation", asking("<_1:statusRequest>" + id + "</_1:statusRequest><_1:statusRequest/>")},
      {"edelivery.backend.operation", asking("<_1:sendMessage>" + id + "</_1:sendMessage>")},
      {"edelivery.backend.value",
       asking("<_1:rePushFailedMessagesRequest>" + many + "</_1:rePushFailedMessagesRequest>")},
      {"edelivery.backend.value",
       asking("<_1:rePushFailedMessagesRequest>" + id + "<messageID/></_1:rePushFailedMessagesRequest>")},
      {"edelivery.backend.value", asking("<_1:statusRequest/>")},
      {"edelivery.backend.value", asking("<_1:statusRequest>" + id + id + "</_1:statusRequest>")},
      {"edelivery.backend.value", asking("<_1:statusRequest><messageID><b/></messageID></_1:statusRequest>")},
      {"edelivery.backend.value",
       asking("<_1:statusRequest><messageID>" + std::string(256, 'x') + "</messageID></_1:statusRequest>")},
      {"edelivery.backend.value",
       asking("<_1:statusRequestWithAccessPointRole>" + id + "</_1:statusRequestWithAccessPointRole>")},
      {"edelivery.backend.value",
       asking("<_1:listPendingMessagesRequest><receivedFrom>yesterday</receivedFrom></_1:listPendingMessagesRequest>")},
      {"edelivery.backend.value",
       asking("<_1:listPendingMessagesRequest><receivedTo>2026-11-22</receivedTo></_1:listPendingMessagesRequest>")},
      {"edelivery.backend.value",
       asking("<_1:statusRequest><messageID>" + std::string(9'000, 'x') + "</messageID></_1:statusRequest>")},
      {"edelivery.header.size", asking("<_1:statusRequest>" + std::string(4 * 1024 * 1024, '%'))},
  };
  for (auto const& [code, soap] : cases) {
    INFO(soap.substr(0, 1000));
    CHECK(code_of_request(soap) == code);
  }
}

TEST_CASE("a refusal says at which element, and of several alike at which one") {
  auto const head = parties + collaboration;
  auto const listed = head + payload_info(listed_part("cid:a") + listed_part("cid:b"));
  struct {
    std::string where, soap;
  } const cases[] = {
      {"Envelope", "<a/>"},
      {"Envelope/Body", asking("")},
      {"Envelope/Header/Messaging", asking("<_1:submitRequest/>")},
      {"Body/subRequest", asking("<_1:subRequest/>")},
      {"Body", asking("<_1:" + std::string(101, 'x') + "/>")},
      {"Body/subRequest", asking("<_1:subRequest>" + std::string(9'000, 'x') + "</_1:subRequest>")},
      {"statusRequest/messageID", asking("<_1:statusRequest/>")},
      {"submitRequest/payload[@payloadId='c']", submitting(listed, payload("cid:c", "aGk="))},
      {"submitRequest/payload[@payloadId='b']", submitting(listed, payload("b", "aGk=") + payload("cid:b", "aGk="))},
      {"submitRequest/payload[@payloadId='b']/value", submitting(listed, payload("b", "%"))},
      {"submitRequest/payload[@payloadId='b']/value/Include",
       submitting(listed, payload("b", R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include"/>)"))},
      {"submitRequest/payload", submitting(listed, payload(std::string(201, 'x'), "aGk="))},
      {"submitRequest/other", submitting(listed, "<other/>")},
      {"UserMessage/PayloadInfo/PartInfo[@href='b']", submitting(listed, payload("cid:a", "aGk="))},
      {"UserMessage/PayloadInfo/PartInfo[@href='a']",
       submitting(head + payload_info(listed_part("cid:a") + listed_part("a")), "")},
  };
  for (auto const& [where, soap] : cases) {
    INFO(soap.substr(0, 1000));
    auto const read = read_request(memory_source(soap));
    REQUIRE_FALSE(read);
    CHECK(read.error().where == where);
    CHECK_FALSE(read.error().mend.empty());
  }
}

TEST_CASE("a submission whose header or payloads are not as they should be is refused by its kind") {
  auto const head = parties + collaboration;
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.missing", submitting("", "")},
      {"edelivery.header.missing", submitting(parties, "")},
      {"edelivery.header.unexpected", submitting(head + "<ns:More/>", "")},
      {"edelivery.header.unexpected", submitting(head + properties + properties, "")},
      {"edelivery.backend.payload", submitting(head + "<ns:MessageProperties><ns:Property name=\"a\">" +
                                                   std::string(9'000, 'A') + "</ns:Property></ns:MessageProperties>",
                                               "")},
      {"edelivery.backend.payload", submitting(head + payload_info(listed_part("cid:a")), payload("cid:a",
                                                                                                  "\xEE\x80\x80"
                                                                                                  "0"))},
      {"edelivery.value.property_twice",
       submitting(
           head +
               R"(<ns:MessageProperties><ns:Property name="a">1</ns:Property><ns:Property name="a">2</ns:Property></ns:MessageProperties>)",
           "")},
      {"edelivery.backend.payload", submitting(head, payload("cid:a", "aGk="))},
      {"edelivery.backend.payload", submitting(head + payload_info(listed_part("cid:a")), "")},
      {"edelivery.backend.payload", submitting(head + payload_info(listed_part("cid:a")), payload("cid:b", "aGk="))},
      {"edelivery.backend.payload", submitting(head + payload_info(listed_part("cid:a") + listed_part("a")), "")},
      {"edelivery.backend.payload", submitting(head + payload_info("<ns:PartInfo/>"), "")},
      {"edelivery.backend.payload",
       submitting(head + payload_info(listed_part("cid:a")), payload("cid:a", "aGk=") + payload("a", "aGk="))},
      {"edelivery.backend.payload", submitting(head + payload_info(listed_part("cid:a")), payload("cid:a", "%%"))},
      {"edelivery.backend.payload",
       submitting(head + payload_info(listed_part("cid:a")), payload("cid:a", "aGk=<b/>"))},
      {"edelivery.backend.payload",
       submitting(head + payload_info(listed_part("cid:a")), "<payload payloadId=\"cid:a\"/>")},
      {"edelivery.backend.payload",
       submitting(head + payload_info(listed_part("cid:a")),
                  payload("cid:a", R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include"/>)"))},
      {"edelivery.backend.payload",
       submitting(head + payload_info(listed_part("a") + listed_part("b") + listed_part("c")),
                  payload("a", include("cid:one%40x")) + payload("b", "aGk=") + payload("c", include("one@x")))},
      {"edelivery.backend.payload", submitting(head, "<bodyload><value>aGk=</value></bodyload>")},
      {"edelivery.backend.payload", submitting(head, "<other/>")},
  };
  for (auto const& [code, soap] : cases) {
    INFO(soap.substr(0, 1000));
    CHECK(code_of_request(soap) == code);
  }
}
