// What a Domibus pushes: notices, and messages whole.
#include "edelivery/backend/push.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/answers.hpp"
#include "edelivery/run_program.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

result<std::variant<push_notice, retrieved_message>> read(std::string const& soap) {
  return read_push(memory_source(soap));
}

std::string code_of_push(std::string const& soap) {
  auto const said = read(soap);
  return said ? "read" : said.error().code;
}

push_notice notice_in(std::string const& soap) {
  auto const said = read(soap);
  REQUIRE(said);
  REQUIRE(std::holds_alternative<push_notice>(*said));
  return std::get<push_notice>(*said);
}

retrieved_message message_in(std::string const& soap) {
  auto said = read(soap);
  INFO((said ? std::string("read") : to_text(said.error())));
  REQUIRE(said);
  REQUIRE(std::holds_alternative<retrieved_message>(*said));
  return std::get<retrieved_message>(*std::move(said));
}

std::string const pushed_head = retrieved_info + retrieved_parties + retrieved_collaboration;
std::string pushed_with_part(std::string const& attributes, std::string const& value) {
  return pushed_message(pushed_head + "<ns2:PayloadInfo>" + retrieved_part("cid:message") + "</ns2:PayloadInfo>",
                        R"(<payload payloadId="cid:message")" + attributes + "><value>" + value + "</value></payload>");
}

}  // namespace

TEST_CASE("every operation of BackendService is a notice of its kind") {
  struct {
    std::string name;
    push_kind kind;
  } const cases[] = {{"receiveSuccess", push_kind::came},  {"sendSuccess", push_kind::ended},
                     {"sendFailure", push_kind::ended},    {"messageStatusChange", push_kind::ended},
                     {"receiveFailure", push_kind::other}, {"delete", push_kind::other}};
  for (auto const& [name, kind] : cases) {
    INFO(name);
    auto const notice =
        notice_in(pushed(name, "<messageID>a@b</messageID><messageStatus>ACKNOWLEDGED</messageStatus>"));
    CHECK(notice.kind == kind);
    if (kind == push_kind::ended)
      CHECK(notice.message_ids == std::vector<std::string>{"a@b"});
    else
      CHECK(notice.message_ids.empty());
  }
  std::string many;
  for (int n = 0; n < 1001; ++n) many += "<messageIds>a@b</messageIds>";
  for (auto const& [name, inside] :
       {std::pair("deleteBatch", many), std::pair("receiveSuccess", std::string("<messageID>&lt;a b&gt;</messageID>"))})
    CHECK(code_of_push(pushed(name, inside)) == "read");
}

TEST_CASE("a message that is pushed whole is read as one that was retrieved") {
  std::string const message =
      retrieved_collaboration + "<ns2:PayloadInfo>" +
      retrieved_part("cid:message",
                     retrieved_property("MimeType", "text/xml") + retrieved_property("PayloadName", "bill.xml")) +
      retrieved_part("cid:plan") + "</ns2:PayloadInfo>" + retrieved_parties + "<ns2:MessageProperties>" +
      retrieved_property("originalSender", "C1") + "</ns2:MessageProperties>" + retrieved_info;
  auto const parts = std::string(R"(<payload payloadId="cid:message" mimeType="text/xml" payloadName="bill.xml">)") +
                     "<value>aGVsbG8=</value></payload>" +
                     R"(<payload payloadId="cid:plan" mimeType="text/csv"><value/></payload>)";
  auto const read_whole = message_in(pushed_message(message, parts));
  CHECK(read_whole.header.message_id == "m1@eu");
  CHECK(to_rfc3339(read_whole.header.timestamp) == "2026-11-22T11:00:00.500Z");
  CHECK(read_whole.header.from == message_party{"EU", "urn:t", "urn:sender"});
  CHECK(read_whole.header.to == message_party{"FR", "urn:t", "urn:receiver"});
  CHECK(read_whole.header.service == "bdx:noprocess");
  CHECK(read_whole.header.action == "TC1Leg1");
  CHECK(read_whole.header.properties == std::vector<message_property>{{"originalSender", "C1", ""}});
  REQUIRE(read_whole.payloads.size() == 2);
  CHECK(read_whole.payloads[0].payload_id == "message");
  CHECK(read_whole.payloads[0].bytes == "hello");
  CHECK(read_whole.payloads[0].properties == std::vector<message_property>{{"PayloadName", "bill.xml", ""}});
  CHECK(read_whole.payloads[1].mime_type == "text/csv");

  // The same one, had it been asked for.
  auto const retrieved = read_retrieved(memory_source(retrieved_answer(message, parts)));
  REQUIRE(retrieved);
  CHECK(std::get<retrieved_message>(*retrieved).header == read_whole.header);
}

TEST_CASE("payloads of a pushed message lie inline, at any length, or beside the envelope") {
  auto const large = std::string(3'000'000, 'x') + "!";
  auto const soap = pushed_with_part("", to_base64(large));
  auto const inline_one = message_in(soap);
  auto const where = inline_one.payloads.at(0).base64;
  CHECK(soap.substr(where.at, where.size) == to_base64(large));
  CHECK(inline_one.payloads[0].mime_type == "application/octet-stream");
  auto const beside = message_in(
      pushed_with_part("", R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:a%40b"/>)"));
  CHECK(beside.payloads.at(0).attachment == "a%40b");
}

TEST_CASE("what these tests push is what the schema of BackendService has", "[samples]") {
  auto const schema = ehds::tests::shared_sample("as4-schemas/domibus/BackendService.xsd");
  if (!schema) return;
  if (!installed("xmllint")) return ehds::tests::skip("xmllint is not installed");
  scratch_folder const folder;
  auto const is_valid = [&](std::string const& soap, std::string const& element) {
    auto text = soap.substr(soap.find("<ns2:" + element));
    text.resize(text.find("</ns2:" + element + ">") + element.size() + 7);
    auto const file = folder.write("element.xml", text);
    return std::system(("xmllint --noout --schema " + schema->string() + " " + file.string() + " 2>&1").c_str()) == 0;
  };
  auto text = pushed_with_part(R"( mimeType="text/csv")", "aGk=");
  CHECK(is_valid(text, "submitRequest"));
  text.replace(text.find("<PartProperties></PartProperties>"), 33,
               R"(<PartProperties><Property name="MimeType">text/csv</Property></PartProperties>)");
  CHECK(is_valid(text, "Messaging"));
  CHECK_FALSE(is_valid(pushed("sendSuccess", "<id>a@b</id>"), "sendSuccess"));
}

TEST_CASE("what is no notice and no message is refused") {
  std::string many;
  for (int n = 0; n < 1001; ++n) many += "<messageID>a@b</messageID>";
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.xml", "receiveSuccess"},
      {"edelivery.header.size", std::string(3 * 1024 * 1024 + 1, ' ')},
      {"edelivery.backend.operation", "<a/>"},
      {"edelivery.backend.operation", pushed("launch", "")},
      {"edelivery.backend.operation",
       R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><delete/></e:Body></e:Envelope>)"},
      {"edelivery.backend.value", pushed("sendSuccess", "<messageID/>")},
      {"edelivery.backend.value", pushed("sendFailure", many)},
      {"edelivery.backend.answer", pushed("submitRequest", "")},
      {"edelivery.backend.answer", pushed_message(retrieved_parties + retrieved_collaboration, "")},
      {"edelivery.backend.answer", pushed_message(pushed_head + "</UserMessage><UserMessage>" + pushed_head, "")},
      {"edelivery.backend.payload", pushed_with_part("", "%%")},
      {"edelivery.backend.payload", pushed_message(pushed_head, retrieved_value("cid:message", "aGk="))},
      {"edelivery.backend.payload", pushed_message(pushed_head, "<bodyload><value>aGk=</value></bodyload>")}};
  for (auto const& [code, soap] : cases) {
    INFO(soap.substr(0, 200));
    CHECK(code_of_push(soap) == code);
  }
}

TEST_CASE("the answers are an empty body, and a fault with the detail that the service has") {
  CHECK(write_push_taken() ==
        R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body/></soap:Envelope>)");
  auto const fault = write_push_fault("EHDS", "a<b");
  CHECK(fault.find(R"(<d:BackendFaultDetail xmlns:d="eu.domibus"><code>EHDS</code><message>a&lt;b</message>)") !=
        std::string::npos);
}
