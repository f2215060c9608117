// What a node says to the WS plug-in of a Domibus: our own plug-in understands it, as the other side of the same
// schema.
#include "edelivery/backend/plugin_client.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "edelivery/backend/answers.hpp"
#include "edelivery/backend/envelopes.hpp"
#include "edelivery/backend/retrieved_stream.hpp"
#include "edelivery/mime/multipart.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

template <class Answer>
Answer heard(std::string const& soap) {
  auto const read = read_answer(soap);
  INFO((read ? std::string("read") : to_text(read.error())));
  REQUIRE(read);
  REQUIRE(std::holds_alternative<Answer>(*read));
  return std::get<Answer>(*read);
}

std::string code_of_answer(std::string const& soap) {
  auto const read = read_answer(soap);
  return read ? "read" : read.error().code;
}

user_message order() {
  user_message header;
  header.message_id = "m1@fr";
  header.from = {"FR", "urn:t", "urn:sender"};
  header.to = {"EU", "urn:t", "urn:receiver"};
  header.service = "bdx:noprocess";
  header.service_type = "tc1";
  header.action = "TC1Leg1";
  header.conversation_id = "c-1";
  header.properties = {{"originalSender", "C1", ""}, {"finalRecipient", "C4", ""}};
  header.parts = {{"one@fr", {{"MimeType", "text/csv", ""}, {"CharacterSet", "utf-8", ""}}},
                  {"two@fr", {{"kind", "plan", ""}}}};
  return header;
}

}  // namespace

TEST_CASE("each question is one that a plug-in understands, whatever stands in the id") {
  CHECK(read_as<pending_request>(write_pending_question()).message_id.empty());
  CHECK_FALSE(read_as<pending_request>(write_pending_question()).received_from);
  received_window const window{parse_rfc3339("2026-11-22T10:00:00Z").value(),
                               parse_rfc3339("2026-11-22T11:00:00.5Z").value()};
  auto const asked = read_as<pending_request>(write_pending_question(window));
  CHECK(asked.received_from == window.from);
  CHECK(asked.received_to == window.to);
  std::string const id = "a&<b>@\"c\"";
  auto const retrieval = read_as<retrieve_request>(write_retrieval(id));
  CHECK(retrieval.message_id == id);
  CHECK_FALSE(retrieval.marks_as_downloaded);
  auto const status = read_as<status_request>(write_status_question(id));
  CHECK(status.message_id == id);
  CHECK(status.role == access_point_role::sending);
  auto const errors = read_as<errors_request>(write_errors_question(id));
  CHECK(errors.message_id == id);
  CHECK(errors.role == access_point_role::sending);
  CHECK(read_as<downloaded_request>(write_downloaded_mark(id)).message_id == id);
}

TEST_CASE("a retrieval says in an attribute that nothing is to be marked, as the plug-in's schema has it") {
  CHECK(write_retrieval("x@y").find(R"(<ws:retrieveMessageRequest markAsDownloaded="false">)") != std::string::npos);
  for (auto const& [word, marks] : {std::pair("false", false), std::pair("False", false), std::pair("0", false),
                                    std::pair("true", true), std::pair("", true)}) {
    auto soap = write_retrieval("x@y");
    auto const at = soap.find("\"false\"") + 1;
    soap.replace(at, 5, word);
    CHECK(read_as<retrieve_request>(soap).marks_as_downloaded == marks);
  }
}

TEST_CASE("a submission is one MIME body with the payloads as they are, which the plug-in reads back") {
  auto made = write_submission(order());
  REQUIRE(made);
  REQUIRE(made->texts.size() == 3);
  std::vector<std::string> const payloads{std::string("a\r\n--x\0b", 8), std::string(300'000, 'z')};
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& one : payloads) sources.push_back(std::make_unique<memory_source>(one));
  retrieved_stream const body(made->texts, std::move(sources), payload_form::as_they_are);
  string_sink all;
  REQUIRE(each_piece(body, [&](auto piece) { return all.add(piece); }));
  CHECK(all.text.size() == body.size());

  memory_source const wire(all.text);
  auto const layout = lay_out_mime(made->content_type, wire, {}, {"application/xop+xml", "application/soap+xml"});
  INFO((layout ? std::string() : to_text(layout.error())));
  REQUIRE(layout);
  auto const read = read_as<submit_request>(std::string(layout->root_bytes));
  auto const wanted = order();
  CHECK(read.header.message_id == wanted.message_id);
  CHECK(read.header.from == wanted.from);
  CHECK(read.header.to == wanted.to);
  CHECK(read.header.service_type == "tc1");
  CHECK(read.header.properties == wanted.properties);
  REQUIRE(read.payloads.size() == 2);
  CHECK(read.payloads[0].mime_type == "text/csv");
  CHECK(read.payloads[0].character_set == "utf-8");
  CHECK(read.payloads[1].mime_type == "application/octet-stream");
  CHECK(read.payloads[1].properties == std::vector<message_property>{{"kind", "plan", ""}});
  REQUIRE(layout->parts.size() == 2);
  for (std::size_t n = 0; n < 2; ++n) {
    CHECK(read.payloads[n].attachment == layout->parts[n].content_id);
    string_sink bytes;
    REQUIRE(each_piece(**content_of(wire, layout->parts[n]), [&](auto piece) { return bytes.add(piece); }));
    CHECK(bytes.text == payloads[n]);
  }
}

TEST_CASE("a message that its receiver will fetch is handed over with the word for it, and the others without") {
  for (auto const how : {processing_type::push, processing_type::pull}) {
    auto header = order();
    header.parts.clear();
    auto const made = write_submission(header, how);
    REQUIRE(made);
    REQUIRE(made->texts.size() == 1);
    auto const layout = lay_out_mime(made->content_type, memory_source(made->texts[0]), {}, {"application/xop+xml"});
    REQUIRE(layout);
    auto const read = read_as<submit_request>(std::string(layout->root_bytes));
    CHECK(read.processing == (how == processing_type::pull ? std::optional(how) : std::nullopt));
    CHECK(read.header.message_id == header.message_id);
  }
}

TEST_CASE("a message is handed over as MTOM, whatever its partner called the payloads") {
  auto header = order();
  header.parts[0].content_id = "a&<b>";
  auto const made = write_retrieved_as_mtom(header);
  std::vector<std::string> const payloads{std::string("a\r\n--x\0b", 8), std::string(300'000, 'z')};
  std::vector<std::unique_ptr<byte_source>> sources;
  for (auto const& one : payloads) sources.push_back(std::make_unique<memory_source>(one));
  retrieved_stream const body(made.texts, std::move(sources), payload_form::as_they_are);
  string_sink all;
  REQUIRE(each_piece(body, [&](auto piece) { return all.add(piece); }));
  memory_source const wire(all.text);
  auto const layout = lay_out_mime(made.content_type, wire, {}, {"application/xop+xml", "application/soap+xml"});
  REQUIRE(layout);
  auto const got = read_retrieved(memory_source(layout->root_bytes));
  INFO((got ? std::string() : to_text(got.error())));
  REQUIRE(got);
  auto const& read = std::get<retrieved_message>(*got);
  CHECK(read.header.message_id == header.message_id);
  REQUIRE(read.payloads.size() == 2);
  CHECK(read.payloads[0].payload_id == "a&<b>");
  CHECK(read.payloads[0].mime_type == "text/csv");
  REQUIRE(layout->parts.size() == 2);
  for (std::size_t n = 0; n < 2; ++n) {
    CHECK(is_included(read.payloads[n].attachment, layout->parts[n].content_id));
    string_sink bytes;
    REQUIRE(each_piece(**content_of(wire, layout->parts[n]), [&](auto piece) { return bytes.add(piece); }));
    CHECK(bytes.text == payloads[n]);
  }
}

TEST_CASE("what cannot be written is said and not sent") {
  auto header = order();
  header.parts[0].content_id = "a b";
  CHECK(write_submission(header).error().code == "edelivery.mime.content_id");
  header = order();
  header.action.clear();
  CHECK(write_submission(header).error().code == "edelivery.pack.value");
  header = order();
  header.parts.clear();
  CHECK(write_submission(header)->texts.size() == 1);
}

TEST_CASE("answers of a Domibus, and of our own plug-in, are heard") {
  CHECK(heard<submitted_answer>(answer_of("submitResponse", "<messageID> m1@fr </messageID>")).message_id == "m1@fr");
  CHECK(heard<submitted_answer>(write_submitted("m1@fr")).message_id == "m1@fr");
  CHECK(heard<pending_answer>(answer_of("listPendingMessagesResponse", "")).message_ids.empty());
  CHECK(heard<pending_answer>(write_pending({"1@x", "2@x"})).message_ids == std::vector<std::string>{"1@x", "2@x"});
  CHECK(heard<pending_answer>(answer_of("listPendingMessagesResponse", "<ns4:messageID>q@x</ns4:messageID>"))
            .message_ids == std::vector<std::string>{"q@x"});
  // Partners choose the ids: one that cannot be hides no other.
  CHECK(heard<pending_answer>(answer_of("listPendingMessagesResponse",
                                        "<messageID>1@x</messageID><messageID>&lt;2 @x&gt;</messageID><messageID/>"
                                        "<messageID><a/></messageID><messageID>" +
                                            std::string(256, 'x') + "</messageID><messageID>3@x</messageID>"))
            .message_ids == std::vector<std::string>{"1@x", "<2 @x>", "3@x"});
  static_cast<void>(
      heard<downloaded_answer>(answer_of("markMessageAsDownloadedResponse", "<messageID>1@x</messageID>")));
  CHECK(heard<status_answer>(write_status(message_status::send_failure)).status == message_status::send_failure);
  for (auto const* word : {"READY_TO_SEND", "BEING_PULLED", "WAITING_FOR_RECEIPT", "ACKNOWLEDGED_WITH_WARNING",
                           "SEND_ATTEMPT_FAILED", "RECEIVED_WITH_WARNINGS", "DELETED"})
    CHECK(to_text(heard<status_answer>(answer_of("getStatusResponse", word)).status) == word);
}

TEST_CASE("errors are heard with their codes in the form of ebMS") {
  auto const errors = heard<errors_answer>(answer_of(
      "getMessageErrorsResponse",
      "<item><domibusErrorCode>EBMS_0301</domibusErrorCode><errorDetail>no receipt</errorDetail><messageInErrorId>1@x"
      "</messageInErrorId><mshRole>SENDING</mshRole><notified>2026-11-22T11:00:00</notified></item><item/>"));
  REQUIRE(errors.errors.size() == 2);
  CHECK(errors.errors[0].code == "EBMS:0301");
  CHECK(errors.errors[0].detail == "no receipt");
  CHECK(errors.errors[0].message_id == "1@x");
  CHECK(errors.errors[1].code.empty());
  auto const ours = heard<errors_answer>(write_errors(
      {{"EBMS:0005", std::string(498, 'x') + "\xC3\xA9\xC3\xA9", "1@x", access_point_role::receiving, {}}}));
  CHECK(ours.errors.at(0).role == access_point_role::receiving);
  CHECK(ours.errors.at(0).detail == std::string(498, 'x') + "\xC3\xA9");  // cut between characters
}

TEST_CASE("a fault is heard with its code, or the sentence alone") {
  auto const fault = heard<plugin_fault>(fault_answer("EBMS:0010", "no P-Mode &amp; more"));
  CHECK(fault.code == "EBMS:0010");
  CHECK(fault.message == "no P-Mode & more");
  auto const ours = heard<plugin_fault>(write_fault("WS_PLUGIN_0009", "No message"));
  CHECK(ours.code == "WS_PLUGIN_0009");
  auto const bare = heard<plugin_fault>(
      answer_with("", "<soap:Fault><soap:Reason><soap:Text>Bad credentials</soap:Text></soap:Reason></soap:Fault>"));
  CHECK(bare.code.empty());
  CHECK(bare.message == "Bad credentials");
}

TEST_CASE("what is no answer of the plug-in is refused by its kind") {
  auto const id = std::string("<messageID>a@b</messageID>");
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.xml", ""},
      {"edelivery.header.xml", "<html><p>Sign in</html>"},
      {"edelivery.header.doctype", "<!DOCTYPE html><html/>"},
      {"edelivery.header.size", std::string(4 * 1024 * 1024 + 1, ' ')},
      {"edelivery.backend.answer", "<html/>"},
      {"edelivery.backend.answer", answer_with("", "")},
      {"edelivery.backend.answer", answer_with("", "<submitResponse/>")},
      {"edelivery.backend.answer", answer_of("somethingElse", id)},
      {"edelivery.backend.answer", answer_of("retrieveMessageResponse", id)},
      {"edelivery.backend.answer", answer_of("submitResponse", "")},
      {"edelivery.backend.answer", answer_of("submitResponse", id + id)},
      {"edelivery.backend.answer", answer_of("markMessageAsDownloadedResponse", "")},
      {"edelivery.backend.answer", answer_of("submitResponse", "<messageID>a b</messageID>")},
      {"edelivery.backend.answer", answer_of("markMessageAsDownloadedResponse", "<messageID/>")},
      {"edelivery.backend.answer", answer_of("getStatusResponse", "NEVER_HEARD")},
      {"edelivery.backend.answer", answer_of("getStatusResponse", "")},
  };
  for (auto const& [code, soap] : cases) {
    INFO(soap.substr(0, 1000));
    CHECK(code_of_answer(soap) == code);
  }
}

TEST_CASE("a list of ten thousand waiting messages is heard whole") {
  std::vector<std::string> ids;
  for (int n = 0; n < 10'000; ++n)
    ids.push_back("0123456789-0123456789-" + std::to_string(n) + "@access-point.example");
  CHECK(heard<pending_answer>(write_pending(ids)).message_ids == ids);
}
