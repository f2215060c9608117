// Messages that are pushed whole to a back end, as the schema of its service and our own reader have them.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/backend_notice.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/backend/retrieved_stream.hpp"
#include "edelivery/run_program.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

user_message bill() {
  user_message header;
  header.timestamp = parse_rfc3339("2026-11-22T11:00:00.500Z").value();
  header.message_id = "m1@eu";
  header.ref_to_message_id = "m0@fr";
  header.mpc = "urn:mpc";
  header.from = {"EU", "urn:t", "urn:sender"};
  header.to = {"FR", "", "urn:receiver"};
  header.agreement = "A";
  header.agreement_type = "urn:a";
  header.service = "bdx:noprocess";
  header.service_type = "tc1";
  header.action = "TC1Leg1";
  header.conversation_id = "c & d";
  header.properties = {{"originalSender", "C1", ""}, {"finalRecipient", "<C4>", "urn:t"}};
  header.parts = {
      {"bill", {{"MimeType", "text/xml", ""}, {"PayloadName", "bill \"1\".xml", ""}, {"page", "3", "urn:n"}}},
      {"two<&\"", {}}};
  return header;
}

std::string with_payloads(user_message const& header, std::vector<std::string> const& payloads) {
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& one : payloads) sources.push_back(std::make_unique<memory_source>(one));
  retrieved_stream const whole(write_pushed(header), std::move(sources));
  string_sink text;
  REQUIRE(each_piece(whole, [&](auto piece) { return text.add(piece); }));
  return text.text;
}

retrieved_message read_back(std::string const& soap) {
  auto said = read_push(memory_source(soap));
  INFO((said ? std::string("read") : to_text(said.error())));
  REQUIRE(said);
  REQUIRE(std::holds_alternative<retrieved_message>(*said));
  return std::get<retrieved_message>(*std::move(said));
}

}  // namespace

TEST_CASE("a pushed message has the header of BackendService, and its payloads in gaps for their bytes") {
  auto const texts = write_pushed(bill());
  REQUIRE(texts.size() == 3);
  CHECK(texts[0].starts_with(
      R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:d="eu.domibus"><soap:Header>)"
      R"(<d:Messaging><UserMessage mpc="urn:mpc"><MessageInfo><Timestamp>2026-11-22T11:00:00.500Z</Timestamp>)"
      "<MessageId>m1@eu</MessageId><RefToMessageId>m0@fr</RefToMessageId></MessageInfo><PartyInfo>"
      R"(<From><PartyId type="urn:t">EU</PartyId>)"));
  CHECK(texts[0].ends_with(
      R"(</d:Messaging></soap:Header><soap:Body><d:submitRequest><payload payloadId="cid:bill" mimeType="text/xml" )"
      R"(payloadName="bill &quot;1&quot;.xml"><value>)"));
  CHECK(texts[1] == R"(</value></payload><payload payloadId="cid:two&lt;&amp;&quot;"><value>)");
  CHECK(texts[2] == "</value></payload></d:submitRequest></soap:Body></soap:Envelope>");
  auto bare = bill();
  bare.parts.clear();
  auto const alone = write_pushed(bare);
  REQUIRE(alone.size() == 1);
  CHECK(alone[0].ends_with("<d:submitRequest></d:submitRequest></soap:Body></soap:Envelope>"));
  CHECK(alone[0].find("PayloadInfo") == std::string::npos);
}

TEST_CASE("our own reader takes what is pushed, header and payloads of any length") {
  auto const header = bill();
  std::string large(300'000, '\0');
  for (std::size_t n = 0; n < large.size(); ++n) large[n] = static_cast<char>(n * 31 >> 3);
  auto const soap = with_payloads(header, {"<bill/>", large});
  auto const got = read_back(soap);
  auto expected = header;
  expected.parts.clear();
  CHECK(got.header == expected);
  REQUIRE(got.payloads.size() == 2);
  CHECK(got.payloads[0].payload_id == "bill");
  CHECK(got.payloads[0].mime_type == "text/xml");
  CHECK(got.payloads[0].properties ==
        std::vector<message_property>{{"PayloadName", "bill \"1\".xml", ""}, {"page", "3", "urn:n"}});
  CHECK(got.payloads[0].bytes == "<bill/>");
  CHECK(got.payloads[1].payload_id == "two<&\"");
  auto const where = got.payloads[1].base64;
  CHECK(soap.substr(where.at, where.size) == to_base64(large));
}

TEST_CASE("what a partner wrote and we would not is pushed as it came") {
  auto header = bill();
  header.message_id = "no-domain";
  header.properties = {{"note", std::string(4'000, 'n'), ""}};
  header.conversation_id.clear();
  header.from.role.clear();
  header.parts.clear();
  auto const got = read_back(with_payloads(header, {}));
  CHECK(got.header == header);
}

TEST_CASE("what is pushed is what the schema of BackendService has") {
  auto const schema = ehds::tests::shared_sample("as4-schemas/domibus/BackendService.xsd");
  if (!schema || !installed("xmllint")) return;
  scratch_folder const folder;
  auto const is_valid = [&](std::string const& soap, std::string const& element) {
    auto text = soap.substr(soap.find("<d:" + element));
    text.resize(text.find("</d:" + element + ">") + element.size() + 5);
    text.insert(element.size() + 3, R"( xmlns:d="eu.domibus")");  // as it has it from around
    auto const file = folder.write("element.xml", text);
    return std::system(("xmllint --noout --schema " + schema->string() + " " + file.string() + " 2>&1").c_str()) == 0;
  };
  auto const soap = with_payloads(bill(), {"<bill/>", std::string(10'000, 'x')});
  CHECK(is_valid(soap, "Messaging"));
  CHECK(is_valid(soap, "submitRequest"));
  auto least = bill();
  least.mpc = least.ref_to_message_id = least.agreement = least.conversation_id = least.service_type = {};
  least.properties.clear();
  least.parts.clear();
  CHECK(is_valid(with_payloads(least, {}), "Messaging"));
  least.action.clear();
  least.to.id.clear();
  CHECK_FALSE(is_valid(with_payloads(least, {}), "Messaging"));  // it does look
}

TEST_CASE("a change of status has the word that the service has for it") {
  CHECK(write_status_change("a&b@eu", message_status::acknowledged) ==
        R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>)"
        R"(<d:messageStatusChange xmlns:d="eu.domibus"><messageID>a&amp;b@eu</messageID>)"
        "<messageStatus>ACKNOWLEDGED</messageStatus></d:messageStatusChange></soap:Body></soap:Envelope>");
  auto const said = read_push(memory_source(write_status_change("a@b", message_status::send_failure)));
  REQUIRE(said);
  auto const& notice = std::get<push_notice>(*said);
  CHECK(notice.kind == push_kind::ended);
  CHECK(notice.message_ids == std::vector<std::string>{"a@b"});
}
