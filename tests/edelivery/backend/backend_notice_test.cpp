// What back ends hear that wait to be called by a Domibus.
#include "edelivery/backend/backend_notice.hpp"

#include <catch2/catch.hpp>

#include "edelivery/backend/answers.hpp"
#include "edelivery/backend/push.hpp"
#include "edelivery/run_program.hpp"
#include "shared_samples.hpp"

using namespace ehds;
using namespace ehds::edelivery::backend;
using namespace ehds::edelivery::tests;

namespace {

struct {
  notice_word word;
  push_kind kind;
  std::string element;
} const notices[] = {{notice_word::receive_success, push_kind::came, "receiveSuccess"},
                     {notice_word::receive_failure, push_kind::other, "receiveFailure"},
                     {notice_word::send_success, push_kind::ended, "sendSuccess"},
                     {notice_word::send_failure, push_kind::ended, "sendFailure"}};

std::string code_of_notice_answer(std::string const& soap) {
  auto const taken = read_notice_answer(soap);
  return taken ? "taken" : taken.error().code;
}

}  // namespace

TEST_CASE("a notice is what a Domibus would push, as its own reader has it") {
  for (auto const& [word, kind, element] : notices) {
    INFO(element);
    auto const soap = write_notice(word, "a&b@eu");
    auto const said = read_push(memory_source(soap));
    REQUIRE(said);
    auto const& notice = std::get<push_notice>(*said);
    CHECK(notice.kind == kind);
    if (kind == push_kind::ended) CHECK(notice.message_ids == std::vector<std::string>{"a&b@eu"});
    CHECK(soap.find("<d:" + element + R"( xmlns:d="eu.domibus"><messageID>a&amp;b@eu</messageID></d:)" + element +
                    ">") != std::string::npos);
  }
}

TEST_CASE("a notice is what the schema of BackendService has", "[samples]") {
  auto const schema = ehds::tests::shared_sample("as4-schemas/domibus/BackendService.xsd");
  if (!schema) return;
  if (!installed("xmllint")) return ehds::tests::skip("xmllint is not installed");
  scratch_folder const folder;
  auto const is_valid = [&](std::string const& text) {
    auto const from = text.find("<d:");
    auto const file = folder.write("notice.xml", text.substr(from, text.find("</soap:Body>") - from));
    return std::system(("xmllint --noout --schema " + schema->string() + " " + file.string() + " 2>&1").c_str()) == 0;
  };
  for (auto const& each : notices) CHECK(is_valid(write_notice(each.word, "m1@eu")));
  for (int n = 0; n <= static_cast<int>(message_status::deleted); ++n)
    CHECK(is_valid(write_status_change("m1@eu", static_cast<message_status>(n))));
  CHECK_FALSE(is_valid(write_notice(notice_word::send_success, "")));  // it does look
}

TEST_CASE("nothing, or an envelope without a fault, means that it was taken") {
  for (auto const* taken :
       {"", "\r\n", R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>)"})
    CHECK(code_of_notice_answer(taken) == "taken");
  CHECK(code_of_notice_answer(write_push_taken()) == "taken");
  CHECK(code_of_notice_answer(answer_with("", "")) == "taken");
  CHECK(code_of_notice_answer(write_push_fault("0001", "not now")) == "edelivery.backend.fault");
  CHECK(code_of_notice_answer(fault_answer("0001", "not now")) == "edelivery.backend.fault");
  std::string const older = R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>)";
  auto const trace = std::string(200'000, 'x');
  CHECK(code_of_notice_answer(older + "<s:Fault><detail>" + trace + "</detail></s:Fault></s:Body></s:Envelope>") ==
        "edelivery.backend.fault");
  CHECK(code_of_notice_answer(older + "</s:Body></s:Envelope>") == "edelivery.backend.answer");
  CHECK(code_of_notice_answer("<html><body>Sign in</body></html>") == "edelivery.backend.answer");
  CHECK(code_of_notice_answer("OK") == "edelivery.header.xml");
  CHECK(code_of_notice_answer(answer_with("", std::string(1024 * 1024, ' '))) == "edelivery.header.size");
}

TEST_CASE("a fault is told by its codes, which are names, and never by its words") {
  auto const told = [](std::string const& soap) { return read_notice_answer(soap).error().detail; };
  std::string const plain = "The back end answered with a SOAP fault";
  CHECK(told(write_push_fault("0001", "Jane Doe is unknown")) == plain + " (Receiver, 0001).");
  auto const of_soap_1_2 = [](std::string const& inside) {
    return R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault>)" + inside +
           "</s:Fault></s:Body></s:Envelope>";
  };
  CHECK(told(of_soap_1_2("<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value> m:NoStock </s:Value></s:Subcode>"
                         "</s:Code>")) == plain + " (Sender, NoStock).");
  CHECK(told(of_soap_1_2("<s:Code><s:Value>Jane Doe</s:Value></s:Code>")) == plain + ".");
  CHECK(told(of_soap_1_2("<s:Code><s:Value>" + std::string(65, 'x') + "</s:Value></s:Code>")) == plain + ".");
  CHECK(told(of_soap_1_2("<s:Detail/>")) == plain + ".");
  CHECK(told(R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>)"
             "<faultcode>s:Server</faultcode><faultstring>Jane Doe</faultstring></s:Fault></s:Body></s:Envelope>") ==
        plain + " (Server).");
}
