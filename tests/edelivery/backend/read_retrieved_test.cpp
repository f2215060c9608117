// A message as Domibus hands it over, read and refused.
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/answers.hpp"
#include "edelivery/backend/lift_base64.hpp"
#include "edelivery/backend/plugin_client.hpp"
#include "edelivery/backend/retrieved_stream.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

retrieved_message read_whole(std::string const& soap) {
  auto read = read_retrieved(memory_source(soap));
  INFO((read ? std::string("read") : to_text(read.error())));
  REQUIRE(read);
  REQUIRE(std::holds_alternative<retrieved_message>(*read));
  return std::get<retrieved_message>(*std::move(read));
}

std::string code_of_retrieved(std::string const& soap) {
  auto const read = read_retrieved(memory_source(soap));
  return read ? "read" : read.error().code;
}

std::string decoded(std::string_view text) {
  string_sink all;
  auto const done = decode_base64(memory_source(text), all);
  return done ? all.text : "problem " + done.error().code;
}

std::string part_of(std::string const& text, text_stretch const& where) { return text.substr(where.at, where.size); }

std::string const head = retrieved_info + retrieved_parties + retrieved_collaboration;
std::string with_part(std::string const& value, std::string const& properties = {}) {
  return retrieved_answer(head + "<ns2:PayloadInfo>" + retrieved_part("cid:message", properties) + "</ns2:PayloadInfo>",
                          retrieved_value("cid:message", value));
}

}  // namespace

TEST_CASE("a message is read as Domibus writes it: any order, empty lists, times without a zone") {
  auto const read = read_whole(retrieved_answer(
      retrieved_collaboration + "<ns2:PayloadInfo>" +
          retrieved_part("cid:message", retrieved_property("MimeType", "text/xml") +
                                            retrieved_property("CharacterSet", "utf-8") +
                                            retrieved_property("kind", "bill") +
                                            retrieved_property("CompressionType", "application/gzip")) +
          R"(<ns2:PartInfo href="cid:plan@x"/></ns2:PayloadInfo>)" + retrieved_parties + "<ns2:MessageProperties/>" +
          retrieved_info,
      R"(<payload payloadId="cid:plan@x" contentType="text/csv"><value>)"
      R"(<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:plan%40x"/></value></payload>)" +
          retrieved_value("cid:message", " aGVs\nbG8= ")));
  CHECK(read.header.message_id == "m1@eu");
  CHECK(to_rfc3339(read.header.timestamp) == "2026-11-22T11:00:00.500Z");
  CHECK(read.header.from == message_party{"EU", "urn:t", "urn:sender"});
  CHECK(read.header.to == message_party{"FR", "urn:t", "urn:receiver"});
  CHECK(read.header.service == "bdx:noprocess");
  CHECK(read.header.service_type == "tc1");
  CHECK(read.header.action == "TC1Leg1");
  CHECK(read.header.conversation_id == "c-1");
  CHECK(read.header.agreement.empty());
  CHECK(read.header.properties.empty());
  REQUIRE(read.payloads.size() == 2);
  CHECK(read.payloads[0].payload_id == "message");
  CHECK(read.payloads[0].mime_type == "text/xml");
  CHECK(read.payloads[0].character_set == "utf-8");
  CHECK(read.payloads[0].properties == std::vector<message_property>{{"kind", "bill", ""}});
  CHECK(read.payloads[0].bytes == "hello");
  CHECK(read.payloads[1].attachment == "plan%40x");
  CHECK(read.payloads[1].mime_type == "text/csv");
}

TEST_CASE("payloads of megabytes are found where they lie, and everything else stays within bounds") {
  std::string const large = std::string(3'000'000, 'x') + "!";
  auto const answer = with_part(to_base64(large));
  auto const read = read_whole(answer);
  REQUIRE(read.payloads.size() == 1);
  CHECK(read.payloads[0].bytes.empty());
  CHECK(decoded(part_of(answer, read.payloads[0].base64)) == large);
  CHECK(read.payloads[0].mime_type == "application/octet-stream");

  user_message header;
  header.message_id = "m1@eu";
  header.from = {"EU", "", "s"};
  header.to = {"FR", "", "r"};
  header.service = "s";
  header.action = "a";
  header.conversation_id = "c";
  header.parts = {{"one@x", {}}, {"two@x", {}}, {"three@x", {}}};
  std::vector<std::string> const payloads{large, "", std::string(20'000, '\0')};
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& one : payloads) sources.push_back(std::make_unique<memory_source>(one));
  retrieved_stream const ours(write_retrieved(header), std::move(sources));
  string_sink whole;
  REQUIRE(each_piece(ours, [&](auto piece) { return whole.add(piece); }));
  auto const again = read_whole(whole.text);
  REQUIRE(again.payloads.size() == 3);
  CHECK(decoded(part_of(whole.text, again.payloads[0].base64)) == payloads[0]);
  CHECK(again.payloads[1].bytes.empty());
  CHECK(again.payloads[1].base64.empty());
  CHECK(decoded(part_of(whole.text, again.payloads[2].base64)) == payloads[2]);
}

TEST_CASE("base64 is undone piece by piece, with blanks anywhere and nothing after its end") {
  for (std::size_t size : {0U, 1U, 2U, 3U, 49'151U, 49'152U, 49'153U, 200'000U}) {
    std::string const bytes(size, '\x5A');
    auto text = to_base64(bytes);
    CHECK(decoded(text) == bytes);
    for (std::size_t at = text.size() / 2; at < text.size(); at += 76) text.insert(at, "\r\n ");
    CHECK(decoded(text) == bytes);
  }
  auto const refused = std::string("problem edelivery.backend.payload");
  for (auto const& text : {std::string("a"), std::string("a==="), std::string("%%%%"), std::string(65'536, 'A') + "A",
                           std::string(65'534, 'A') + "==" + "AAAA"})
    CHECK(decoded(text) == refused);
}

TEST_CASE("a run of base64 is found wherever the pieces of the source end, and nothing else is") {
  auto const runs = [](std::string const& text) {
    auto const lifted = lift_base64(memory_source(text), 1'000'000);
    if (!lifted) return "problem " + lifted.error().code;
    std::string all;
    for (auto const& run : lifted->runs) all += std::to_string(run.at) + "+" + std::to_string(run.size) + " ";
    return all;
  };
  // A run that begins and ends at every place around the end of a piece.
  for (std::size_t const before : {0U, 1U, 65'532U, 65'533U, 65'534U, 65'535U, 65'536U, 65'537U}) {
    auto const lead = "<a x='" + std::string(before, '%') + "'>";
    for (std::size_t const size : {8'193U, 57'344U, 65'536U, 131'072U}) {
      auto const at = lead.size();
      CHECK(runs(lead + std::string(size, 'A') + "</a>") == std::to_string(at) + "+" + std::to_string(size) + " ");
    }
  }
  CHECK(runs("<a>" + std::string(8'192, 'A') + "</a>").empty());   // short
  CHECK(runs("<a>" + std::string(9'000, 'A') + "%</a>").empty());  // something else in it
  CHECK(runs("<a>%" + std::string(9'000, 'A') + "</a>").empty());
  CHECK(runs("<a>" + std::string(100'000, 'A')).empty());  // no tag after it
  CHECK(runs(std::string(9'000, 'A') + "<a>").empty());    // none before it
  CHECK(runs("<a>%>" + std::string(9'000, 'A') + "</a>") == "5+9000 ");
  CHECK(runs("<a>" + std::string(2'000'000, 'A') + "%</a>") == "problem edelivery.header.size");
  CHECK(runs("<a>\xEE\x80\x80</a>") == "problem edelivery.backend.payload");
  std::string many;
  for (int n = 0; n < 129; ++n) many += "<a>" + std::string(9'000, 'A') + "</a>";
  CHECK(runs(many) == "problem edelivery.backend.payload");
  // What is left says the same, but for the marks.
  auto const text = "<a>" + std::string(9'000, 'A') + "</a><b>" + std::string(200'000, ' ') + "%</b>";
  auto const lifted = lift_base64(memory_source(text), 1'000'000);
  REQUIRE(lifted);
  CHECK(lifted->text ==
        "<a>\xEE\x80\x80"
        "0</a>" +
            text.substr(text.find("<b>")));
}

TEST_CASE("a fault instead of a message is heard") {
  auto const soap = fault_answer("WS_PLUGIN:0009", "No message with id [x] found");
  auto const read = read_retrieved(memory_source(soap));
  REQUIRE(read);
  REQUIRE(std::holds_alternative<plugin_fault>(*read));
  CHECK(std::get<plugin_fault>(*read).code == "WS_PLUGIN:0009");
}

TEST_CASE("what is no message is refused by its kind") {
  std::string const long_run(9'000, 'A');
  auto const without = [](std::string text, std::string const& what) {
    return text.erase(text.find(what), what.size());
  };
  auto const part = "<ns2:PayloadInfo>" + retrieved_part("cid:a") + "</ns2:PayloadInfo>";
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.xml", "not xml"},
      {"edelivery.header.size", "<a>" + std::string(4 * 1024 * 1024, '%') + "</a>"},
      {"edelivery.header.doctype", "<!DOCTYPE a><a/>"},
      {"edelivery.backend.answer", answer_of("submitResponse", "<messageID>a@b</messageID>")},
      {"edelivery.backend.answer", answer_of("retrieveMessageResponse", "")},
      {"edelivery.backend.answer", retrieved_answer(without(head, retrieved_info), "")},
      {"edelivery.backend.answer", retrieved_answer(without(head, retrieved_parties), "")},
      {"edelivery.backend.answer", retrieved_answer(without(head, retrieved_collaboration), "")},
      {"edelivery.backend.answer", retrieved_answer(without(head, "m1@eu"), "")},
      {"edelivery.backend.answer", retrieved_answer(without(head, "TC1Leg1"), "")},
      {"edelivery.backend.answer", retrieved_answer(head + "</ns2:UserMessage><ns2:UserMessage>" + head, "")},
      {"edelivery.backend.answer", retrieved_answer(head + "<ns2:MessageProperties>" + retrieved_property("a", "1") +
                                                        retrieved_property("a", "2") + "</ns2:MessageProperties>",
                                                    "")},
      {"edelivery.backend.answer",
       retrieved_answer(head + "<ns2:MessageProperties>" + retrieved_property("a", std::string(5'000, '%')) +
                            "</ns2:MessageProperties>",
                        "")},
      // What is lifted must have been a payload.
      {"edelivery.backend.answer",
       retrieved_answer(
           head + "<ns2:MessageProperties>" + retrieved_property("a", long_run) + "</ns2:MessageProperties>", "")},
      {"edelivery.backend.payload", with_part("\xEE\x80\x80"
                                              "0")},
      {"edelivery.backend.payload", with_part(long_run + "<b/>")},
      {"edelivery.backend.payload", with_part("<![CDATA[" + long_run + "%]]>")},
      {"edelivery.backend.payload", with_part("%%")},
      {"edelivery.backend.payload", with_part("aGk=<b/>")},
      {"edelivery.backend.payload", with_part(R"(<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include"/>)")},
      {"edelivery.backend.payload", retrieved_answer(head + part, "")},
      {"edelivery.backend.payload", retrieved_answer(head, retrieved_value("cid:a", "aGk="))},
      {"edelivery.backend.payload",
       retrieved_answer(head + part, retrieved_value("cid:a", "") + retrieved_value("cid:a", ""))},
      {"edelivery.backend.payload", retrieved_answer(head + part, R"(<payload payloadId="cid:a"/>)")},
      {"edelivery.backend.payload",
       retrieved_answer(head + "<ns2:PayloadInfo><ns2:PartInfo/></ns2:PayloadInfo>", "<bodyload/>")},
      {"edelivery.backend.payload", retrieved_answer(head + "<ns2:PayloadInfo>" + retrieved_part("cid:a") +
                                                         retrieved_part("a") + "</ns2:PayloadInfo>",
                                                     retrieved_value("cid:a", ""))},
  };
  for (auto const& [code, soap] : cases) {
    INFO(soap.substr(0, 1500));
    CHECK(code_of_retrieved(soap) == code);
  }
}
