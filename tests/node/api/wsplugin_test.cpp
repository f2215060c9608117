// Back ends written for Domibus, between two whole nodes: the same messages as by REST.
#include <catch2/catch.hpp>

#include <cstdint>
#include <tuple>

#include "base/bytes.hpp"
#include "edelivery/backend/envelopes.hpp"
#include "node/house/two_houses.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::edelivery::tests;
using nlohmann::json;
using node::identity::role;

namespace {

two_houses trading_by_plugin(json const& only_at_eu = json::object()) {
  return two_houses([](auto& settings) { settings.back_ends = {{"erp", {{"bdx:noprocess", {}}}, "", ""}}; },
                    [=](json& mode) {
                      if (mode["us"]["id"] == "EU") mode.update(only_at_eu);
                      mode["service"] = {{"value", "bdx:noprocess"}, {"type", "tc1"}};
                      mode["us"]["type"] = "urn:t";
                      mode["partner"]["type"] = "urn:t";
                      mode["agreement"] = {{"value", "urn:agreed"}};
                      mode["roles"] = {{"initiator", "urn:sender"}, {"responder", "urn:receiver"}};
                    });
}

std::string whole(node::http::response const& answer) {
  if (!answer.stream) return answer.body;
  string_sink all;
  REQUIRE(each_piece(*answer.stream, [&](auto piece) { return all.add(piece); }));
  return all.text;
}

struct domibus_client {
  one_house& house;
  std::string key = house.key_with({role::back_end});

  node::http::response post(std::string const& body, std::string const& type = "application/soap+xml; charset=utf-8") {
    return house.ask("POST", "/services/wsplugin",
                     {{"Authorization", "Basic " + to_base64("plugin user:" + key)}, {"Content-Type", type}}, body);
  }
  std::string ask(std::string const& operation, std::string const& inside = {}) {
    return whole(post(asking("<_1:" + operation + ">" + inside + "</_1:" + operation + ">")));
  }
  std::string of(std::string const& operation, std::string const& id, std::string const& more = {}) {
    return ask(operation, "<messageID>" + id + "</messageID>" + more);
  }
};

std::string between(std::string const& text, std::string const& open, std::string const& close) {
  auto const from = text.find(open);
  if (from == std::string::npos) return {};
  auto const at = from + open.size();
  return text.substr(at, text.find(close, at) - at);
}

std::string message_id_in(std::string const& answer) { return between(answer, "<messageID>", "</messageID>"); }
std::string fault_in(std::string const& answer) { return between(answer, "<code>", "</code>"); }

std::string order(std::string const& value) {
  return submitting(
      parties + collaboration + properties +
          payload_info(listed_part(
              "cid:message",
              R"(<ns:PartProperties><ns:Property name="MimeType">text/csv</ns:Property></ns:PartProperties>)")),
      payload("cid:message", value));
}

}  // namespace

TEST_CASE("a message that the disk changed is a fault, not an answer, and stays pending") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const id = message_id_in(fr.post(order(to_base64("a,b,c"))).body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  REQUIRE(houses.eu().parts().db->commit([](node::store::transaction& tx) -> result<void> {
    CHECK(tx.run("UPDATE store_payload SET bytes = ? WHERE bytes = ?", node::store::blob{"a,b,d"},
                 node::store::blob{"a,b,c"}) == 1);
    return {};
  }));
  auto const told = eu.of("retrieveMessageRequest", id);
  CHECK(told.find("A stored payload is not what was stored") != std::string::npos);
  CHECK(between(told, "<value>", "</value>").empty());
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")) == id);
}

TEST_CASE("a program written for Domibus sends and receives through the node") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")).empty());
  auto const submitted = fr.post(order(to_base64("a,b,c")));
  INFO(submitted.body);
  REQUIRE(submitted.status == 200);
  auto const id = message_id_in(submitted.body);
  std::string pending;
  REQUIRE(soon([&] { return !(pending = message_id_in(eu.ask("listPendingMessagesRequest"))).empty(); }));
  CHECK(pending == id);
  CHECK(eu.of("statusRequest", id).find(">RECEIVED<") != std::string::npos);
  for (auto const* filter : {"<fromPartyId>XX</fromPartyId>", "<finalRecipient>C9</finalRecipient>",
                             "<conversationId>other</conversationId>", "<messageId>other</messageId>"})
    CHECK(message_id_in(eu.ask("listPendingMessagesRequest", filter)).empty());
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest",
                             "<fromPartyId>FR</fromPartyId><finalRecipient>C4</finalRecipient>"
                             "<originalSender>C1</originalSender>")) == id);

  // A window of time, both ends included; without an offset it is UTC.
  auto const window = [&](std::string const& name, std::string const& at) {
    return message_id_in(eu.ask("listPendingMessagesRequest", "<" + name + ">" + at + "</" + name + ">"));
  };
  CHECK(window("receivedFrom", "2000-01-01T00:00:00") == id);
  CHECK(window("receivedTo", "2000-01-01T00:00:00").empty());
  CHECK(window("receivedFrom", "2999-01-01T00:00:00Z").empty());
  CHECK(window("receivedTo", "2999-01-01T00:00:00.5+01:00") == id);
  CHECK(window("receivedFrom", "2016-12-31T23:59:60") == id);  // a leap second
  for (auto const* wrong : {"soon", "2016-12-31T12:00:60"})
    CHECK(fault_in(eu.ask("listPendingMessagesRequest", "<receivedFrom>" + std::string(wrong) + "</receivedFrom>")) ==
          "WS_PLUGIN_0007");

  auto const kept = whole(eu.post(asking("<_1:retrieveMessageRequest markAsDownloaded=\"false\"><messageID>" + id +
                                         "</messageID></_1:retrieveMessageRequest>")));
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")) == id);
  auto const got = eu.of("retrieveMessageRequest", id);
  CHECK(got == kept);
  CHECK(from_base64(between(got, "<value>", "</value>")).value() == "a,b,c");
  CHECK(got.find(R"(contentType="text/csv")") != std::string::npos);
  CHECK(got.find(R"(<eb:Property name="originalSender">C1</eb:Property>)") != std::string::npos);
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")).empty());
  CHECK(eu.of("statusRequest", id).find(">DOWNLOADED<") != std::string::npos);
  CHECK(message_id_in(eu.of("markMessageAsDownloadedRequest", id)) == id);

  auto const sending = std::string("<accessPointRole>SENDING</accessPointRole>");
  REQUIRE(soon([&] {
    return fr.of("statusRequestWithAccessPointRole", id, sending).find(">ACKNOWLEDGED<") != std::string::npos;
  }));
  CHECK(eu.of("statusRequestWithAccessPointRole", id, sending).find(">NOT_FOUND<") != std::string::npos);
  CHECK(fr.of("getErrorsRequest", id).find("<item>") == std::string::npos);
}

TEST_CASE("a message whose retrieval is cut on its way is still pending") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const id = message_id_in(fr.post(order(to_base64(std::string(600'000, 'x')))).body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  auto const answer =
      eu.post(asking("<_1:retrieveMessageRequest><messageID>" + id + "</messageID></_1:retrieveMessageRequest>"));
  REQUIRE(answer.stream);
  std::string space;
  for (std::uint64_t at : {std::uint64_t{0}, answer.stream->size() - 1000})
    CHECK_FALSE(answer.stream->look(at, 900, space)->empty());
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")) == id);
  CHECK(eu.of("statusRequest", id).find(">RECEIVED<") != std::string::npos);
  CHECK(answer.stream->look(answer.stream->size() - 1, 10, space)->size() == 1);
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")).empty());
  CHECK(eu.of("statusRequest", id).find(">DOWNLOADED<") != std::string::npos);
}

TEST_CASE("payloads beside the envelope (MTOM) and inline ones of one message go the same way") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  std::string const large(700'000, 'z');
  auto const soap = submitting(
      parties + collaboration + payload_info(listed_part("cid:plan") + listed_part("cid:note")),
      payload("cid:plan", R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:at%40x"/>)") +
          payload("cid:note", to_base64("short")));
  auto const body =
      "--B\r\nContent-Type: application/xop+xml; type=\"application/soap+xml\"\r\nContent-ID: <root>\r\n\r\n" + soap +
      "\r\n--B\r\nContent-Type: application/octet-stream\r\nContent-ID: <at@x>\r\n\r\n" + large + "\r\n--B--\r\n";
  auto const type = R"(multipart/related; type="application/xop+xml"; start="<root>"; boundary=B)";
  auto const submitted = fr.post(body, type);
  INFO(submitted.body);
  REQUIRE(submitted.status == 200);
  auto const id = message_id_in(submitted.body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  auto const second = message_id_in(fr.post(body, type).body);
  REQUIRE(soon([&] { return eu.of("statusRequest", second).find(">RECEIVED<") != std::string::npos; }));
  auto const got = eu.of("retrieveMessageRequest", id);
  CHECK(from_base64(between(got, "<value>", "</value>")).value() == large);
  CHECK(from_base64(between(got.substr(got.find("</payload>")), "<value>", "</value>")).value() == "short");

  // Who asks by MTOM is answered so, and the message is marked when the last byte has left.
  auto const retrieval =
      asking("<_1:retrieveMessageRequest><messageID>" + second + "</messageID></_1:retrieveMessageRequest>");
  auto const beside = eu.post(
      "--B\r\nContent-Type: application/xop+xml\r\nContent-ID: <root>\r\n\r\n" + retrieval + "\r\n--B--\r\n", type);
  CHECK(beside.headers.get("Content-Type").starts_with("multipart/related; type=\"application/xop+xml\""));
  auto const answer = whole(beside);
  CHECK(answer.find("payloadId=\"cid:plan\"") != std::string::npos);
  CHECK(answer.find("\r\n\r\n" + large + "\r\n--") != std::string::npos);
  CHECK(answer.size() < large.size() + 5'000);
  CHECK(eu.of("statusRequest", second).find(">DOWNLOADED<") != std::string::npos);

  CHECK(fault_in(fr.post("--B\r\nContent-Type: application/xop+xml\r\n\r\n" + soap + "\r\n--B--", type).body) ==
        "WS_PLUGIN_0005");  // the attachment is not there
}

TEST_CASE("an inline payload of megabytes is taken, as by a plug-in whose MTOM is off") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  std::string large(8'000'000, '\0');  // that does not pack too well
  std::uint32_t state = 1;
  for (char& each : large) each = static_cast<char>((state = state * 1'664'525U + 1'013'904'223U) >> 28U);
  auto const submitted = fr.post(order("\n" + to_base64(large) + "\n"));
  INFO(submitted.body);
  REQUIRE(submitted.status == 200);
  auto const id = message_id_in(submitted.body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  CHECK(from_base64(between(eu.of("retrieveMessageRequest", id), "<value>", "</value>")).value() == large);
  auto const broken = fr.post(order(to_base64(large) + "===="));
  CHECK(fault_in(broken.body) == "WS_PLUGIN_0005");
}

TEST_CASE("a message that its sender names is the same when it is handed over again, and no other one") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()};
  auto const named = [](std::string const& value) {
    return submitting("<ns:MessageInfo><ns:MessageId>mine@erp</ns:MessageId></ns:MessageInfo>" + parties +
                          collaboration + payload_info(listed_part("cid:message")),
                      payload("cid:message", value));
  };
  CHECK(message_id_in(fr.post(named("aGk=")).body) == "mine@erp");
  CHECK(message_id_in(fr.post(named("aGk=")).body) == "mine@erp");
  CHECK(fault_in(fr.post(named("aG8=")).body) == "WS_PLUGIN_0007");
}

TEST_CASE("a refusal is a SOAP fault with a code of the plug-in") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()};
  auto const answer = [&](std::string const& soap) {
    auto const got = fr.post(soap);
    CHECK(got.status == 500);
    CHECK(got.headers.get("Content-Type").starts_with("application/soap+xml"));
    return fault_in(got.body);
  };
  auto const changed = [](std::string const& from, std::string const& to) {
    auto text = order("aGk=");
    return text.replace(text.find(from), from.size(), to);
  };
  CHECK(answer("nothing") == "WS_PLUGIN_0007");
  CHECK(answer(asking("<_1:statusRequest/>")) == "WS_PLUGIN_0007");
  CHECK(answer(changed(">EU<", ">XX<")) == "WS_PLUGIN_0003");
  CHECK(answer(changed(">bdx:noprocess<", ">urn:other<")) == "WS_PLUGIN_0003");
  CHECK(answer(changed("\"tc1\"", "\"tc2\"")) == "WS_PLUGIN_0003");
  CHECK(answer(changed(">FR<", ">XX<")) == "WS_PLUGIN_0004");
  CHECK(answer(order("%")) == "WS_PLUGIN_0005");
  CHECK(fault_in(fr.of("retrieveMessageRequest", "no@x")) == "WS_PLUGIN_0009");
  CHECK(fault_in(fr.of("markMessageAsDownloadedRequest", "no@x")) == "WS_PLUGIN_0009");
  CHECK(fault_in(fr.of("getErrorsRequest", "no@x")) == "WS_PLUGIN_0009");
  CHECK(fr.of("statusRequest", "no@x").find(">NOT_FOUND<") != std::string::npos);

  auto const stranger = houses.fr().ask("POST", "/services/wsplugin", {{"Content-Type", "application/soap+xml"}}, "");
  CHECK(stranger.status == 401);
  CHECK(stranger.headers.get("WWW-Authenticate").starts_with("Basic"));
  CHECK(fault_in(stranger.body) == "WS_PLUGIN_0002");
  domibus_client other{houses.fr(), houses.fr().key_with({role::catalogue_editor})};
  CHECK(other.post(order("aGk=")).status == 403);
}

TEST_CASE("a role that is not the P-Mode's is refused with the one that is, and may be left out") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const changed = [](std::string const& from, std::string const& to) {
    auto text = order("aGk=");
    return text.replace(text.find(from), from.size(), to);
  };
  for (auto const& [was, becomes, side] :
       {std::tuple("urn:sender", "urn:receiver", "From"), std::tuple("urn:receiver", "urn:sender", "To"),
        std::tuple("urn:receiver", "urn:receiver2", "To")}) {
    auto const refused = fr.post(changed(std::string(">") + was + "<", std::string(">") + becomes + "<"));
    INFO(refused.body);
    CHECK(refused.status == 500);
    CHECK(fault_in(refused.body) == "WS_PLUGIN_0003");
    auto const told = between(refused.body, "<message>", "</message>");
    CHECK(told.find(std::string("(at UserMessage/PartyInfo/") + side + "/Role)") != std::string::npos);
    CHECK(told.find(std::string("Write ") + was) != std::string::npos);
  }
  auto const submitted = fr.post(changed("<ns:Role>urn:sender</ns:Role>", ""));
  INFO(submitted.body);
  REQUIRE(submitted.status == 200);
  auto const id = message_id_in(submitted.body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  CHECK(eu.of("retrieveMessageRequest", id).find("<eb:Role>urn:sender</eb:Role>") != std::string::npos);
}

TEST_CASE("a fault names the element and the mend, and an operation that nobody knows is called so") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()};
  auto const told = [&](std::string const& soap) { return between(fr.post(soap).body, "<message>", "</message>"); };
  auto const says = [](std::string const& text, std::string const& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
  };
  auto const unknown = told(asking("<_1:subRequest/>"));
  CHECK(says(unknown, "does not know the operation (at Body/subRequest) Mend: send one of submitRequest, "));
  CHECK(says(unknown, "rePushFailedMessagesRequest"));
  CHECK(says(told(asking("<_1:statusRequest/>")), "(at statusRequest/messageID) Mend: write &lt;messageID"));
  auto const header = parties + collaboration;
  auto const stray = told(submitting(header, payload("cid:plan", "aGk=")));
  CHECK(says(stray, "a payload has no PartInfo (at submitRequest/payload[@payloadId="));
  CHECK(says(stray, "plan"));
  CHECK(says(stray, "Mend: give each payload a payloadId"));
  CHECK(says(told(submitting("<ns:MessageInfo><ns:MessageId>none</ns:MessageId></ns:MessageInfo>" + header, "")),
             "(at UserMessage/MessageInfo/MessageId) Mend: "));
  CHECK(told(asking("<_1:retrieveMessageRequest><messageID>no@x</messageID></_1:retrieveMessageRequest>")) ==
        "No message with id [no@x] found");
}

TEST_CASE("what is asked wrongly is refused with the way to ask it, and changes nothing") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const says = [](node::http::response const& got, int status, std::string const& part) {
    auto const text = between(whole(got), "<message>", "</message>");
    INFO(text);
    CHECK(got.status == status);
    CHECK(text.find(part) != std::string::npos);
  };
  auto const changed = [](std::string const& from, std::string const& to) {
    auto text = order("aGk=");
    return text.replace(text.find(from), from.size(), to);
  };
  auto const agreed = [&](std::string const& ref) { return changed("<ns:Service", ref + "<ns:Service"); };
  says(fr.post(agreed("<ns:AgreementRef>urn:other</ns:AgreementRef>")), 500,
       "differs in the agreement: the message says &quot;urn:other&quot;, agreed is &quot;urn:agreed&quot; (at "
       "UserMessage/CollaborationInfo/AgreementRef) Mend: write the agreement of the P-Mode");
  auto const id = message_id_in(fr.post(agreed("<ns:AgreementRef>urn:agreed</ns:AgreementRef>")).body);
  REQUIRE_FALSE(id.empty());
  says(fr.post(changed(">bdx:noprocess<", ">urn:x<")), 500,
       "the message says &quot;urn:x (type tc1)&quot;, agreed is ");

  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  says(eu.post(asking("<_1:retrieveMessageRequest markAsDownloadet=\"false\"><messageID>" + id +
                      "</messageID></_1:retrieveMessageRequest>")),
       500, "did you mean markAsDownloaded?");
  says(eu.post(asking("<_1:listPendingMessagesRequest><fromParty>XX</fromParty></_1:listPendingMessagesRequest>")), 500,
       "(at listPendingMessagesRequest/fromParty) Mend: did you mean fromPartyId?");
  CHECK(message_id_in(eu.ask("listPendingMessagesRequest")) == id);

  says(fr.post(order("aGk="), "text/xml"), 500,
       "(at Content-Type) Mend: send application/soap+xml, or multipart/related");
  says(houses.fr().ask("POST", "/services/wsplugin", {{"Content-Type", "application/soap+xml"}}, ""), 401,
       "(at Authorization) Mend: send a key with the role back_end as password by HTTP Basic authentication");
  domibus_client editor{houses.fr(), houses.fr().key_with({role::catalogue_editor})};
  says(editor.post(order("aGk=")), 403, "Mend: send a key with the role back_end as password");
}

TEST_CASE("messages that the webhook of a back end did not take are listed, and told again when it asks") {
  two_houses houses(
      [](auto& settings) {
        settings.back_ends = {{"erp",
                               {{"bdx:noprocess", {}}},
                               "http://127.0.0.1:1/events",
                               "a secret",
                               node::config::webhook_kind::domibus,
                               "",
                               {"message"}}};
      },
      [](json& mode) {
        mode["service"] = {{"value", "bdx:noprocess"}, {"type", "tc1"}};
        mode["us"]["type"] = "urn:t";
        mode["partner"]["type"] = "urn:t";
        mode["roles"] = {{"initiator", "urn:sender"}, {"responder", "urn:receiver"}};
      });
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  CHECK(message_id_in(eu.ask("listPushFailedMessagesRequest")).empty());
  auto const id = message_id_in(fr.post(order("aGk=")).body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPushFailedMessagesRequest")) == id; }));
  for (auto const* filter : {"<messageId>other</messageId>", "<finalRecipient>C9</finalRecipient>",
                             "<originalSender>C9</originalSender>", "<receivedTo>2000-01-01T00:00:00</receivedTo>"})
    CHECK(message_id_in(eu.ask("listPushFailedMessagesRequest", filter)).empty());
  CHECK(message_id_in(eu.ask("listPushFailedMessagesRequest", "<finalRecipient>C4</finalRecipient>")) == id);
  auto const attempts = [&] {
    return houses.eu().parts().db->read([](node::store::reading& now) {
      return now.first("SELECT attempts FROM exchange_notice WHERE back_end = 'erp'")->integer(0);
    });
  };
  auto const before = attempts();
  auto const again = eu.of("rePushFailedMessagesRequest", id);
  CHECK(again.find("<soap:Body></soap:Body>") != std::string::npos);
  CHECK(soon([&] { return attempts() > before; }));
  REQUIRE(houses.eu().parts().db->commit([](node::store::transaction& tx) -> result<void> {
    CHECK(tx.run("INSERT INTO exchange_set_aside (seq) SELECT seq FROM exchange_back_end WHERE incoming = 1") == 1);
    return {};
  }));
  CHECK(message_id_in(eu.ask("listPushFailedMessagesRequest")) == id);
  eu.of("rePushFailedMessagesRequest", id);
  CHECK(houses.eu().parts().db->read([](node::store::reading& now) {
    return now.first("SELECT again_at IS NOT NULL FROM exchange_set_aside")->truth(0);
  }));
  auto const not_there = eu.of("rePushFailedMessagesRequest", "other@x");
  CHECK(fault_in(not_there) == "WS_PLUGIN_0007");
  CHECK(between(not_there, "<message>", "</message>") ==
        "The message [other@x] is not in the list of push failed messages (at rePushFailedMessagesRequest/messageID) "
        "Mend: listPushFailedMessagesRequest gives the list");
}

TEST_CASE("the envelope that the README shows is taken as it stands there") {
  auto houses = trading_by_plugin();
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const page = text_of_file(EHDS_SOURCE_DIR "/node/api/README.md");
  auto const submitted = fr.post(between(page, "```xml\n", "```"));
  INFO(submitted.body);
  REQUIRE(submitted.status == 200);
  auto const id = message_id_in(submitted.body);
  REQUIRE(soon([&] { return message_id_in(eu.ask("listPendingMessagesRequest")) == id; }));
  auto const retrieved = eu.of("retrieveMessageRequest", id);
  CHECK(from_base64(between(retrieved, "<value>", "</value>")).value() == "Hello");
  for (auto const* corner : {"name=\"originalSender\">urn:company:FR<", "name=\"finalRecipient\">urn:company:EU<"})
    CHECK(retrieved.find(corner) != std::string::npos);
}

TEST_CASE("programs that read the WSDL first find it under the same address") {
  one_house fr("FR", [](auto& settings) { settings.node.base_url = "https://node.example/a&b"; });
  auto const wsdl = fr.ask("GET", "/services/wsplugin?wsdl");
  CHECK(wsdl.status == 200);
  CHECK(wsdl.headers.get("Content-Type").starts_with("text/xml"));
  CHECK(wsdl.body.find(R"(<soap12:address location="https://node.example/a&amp;b/services/wsplugin"/>)") !=
        std::string::npos);
  for (auto const* name : {"submitMessage", "retrieveMessage", "listPendingMessages", "getStatus", "getMessageErrors",
                           "getStatusWithAccessPointRole", "getMessageErrorsWithAccessPointRole",
                           "markMessageAsDownloaded", "listPushFailedMessages", "rePushFailedMessages"})
    CHECK(wsdl.body.find("<wsdl:operation name=\"" + std::string(name) + "\">") != std::string::npos);
}

TEST_CASE("what went wrong while sending is told attempt by attempt") {
  auto houses = trading_by_plugin();
  houses.stop("EU");
  domibus_client fr{houses.fr()};
  auto const id = message_id_in(fr.post(order("aGk=")).body);
  REQUIRE(soon([&] { return fr.of("getErrorsRequest", id).find("<item>") != std::string::npos; }));
  auto const errors = fr.of("getErrorsRequest", id);
  CHECK(errors.find("<domibusErrorCode>EBMS_0005</domibusErrorCode>") != std::string::npos);
  CHECK(errors.find("<messageInErrorId>" + id + "</messageInErrorId><mshRole>SENDING</mshRole>") != std::string::npos);
}

TEST_CASE("why a message for the back end was refused is told to it, as it is to the one that sent it") {
  auto houses = trading_by_plugin({{"required_properties", {"trackingIdentifier"}}});
  domibus_client fr{houses.fr()}, eu{houses.eu()};
  auto const id = message_id_in(fr.post(order("aGk=")).body);
  REQUIRE(soon([&] { return eu.of("getErrorsRequest", id).find("<item>") != std::string::npos; }));
  auto const errors = eu.of("getErrorsRequest", id);
  CHECK(errors.find("EBMS_0010") != std::string::npos);
  CHECK(errors.find(id + "</messageInErrorId><mshRole>RECEIVING</mshRole>") != std::string::npos);
}
