// The notices that a Domibus pushes.
#include "edelivery/backend/push.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery::backend;

namespace {

std::string pushed(std::string const& name, std::string const& inside) {
  return R"(<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Header/><env:Body><ns2:)" + name +
         R"( xmlns:ns2="eu.domibus">)" + inside + "</ns2:" + name + "></env:Body></env:Envelope>";
}

std::string code_of_push(std::string const& soap) {
  auto const read = read_push(soap);
  return read ? "read" : read.error().code;
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
    auto const read = read_push(pushed(name, "<messageID>a@b</messageID><messageStatus>ACKNOWLEDGED</messageStatus>"));
    REQUIRE(read);
    CHECK(read->kind == kind);
    if (kind == push_kind::ended)
      CHECK(read->message_ids == std::vector<std::string>{"a@b"});
    else
      CHECK(read->message_ids.empty());
  }
  std::string many;
  for (int n = 0; n < 1001; ++n) many += "<messageIds>a@b</messageIds>";
  for (auto const& [name, inside] :
       {std::pair("deleteBatch", many), std::pair("receiveSuccess", std::string("<messageID>&lt;a b&gt;</messageID>"))})
    CHECK(code_of_push(pushed(name, inside)) == "read");
  auto const message = read_push(pushed("submitRequest", "<payload payloadId=\"cid:a\"><value>aGk=</value></payload>"));
  REQUIRE(message);
  CHECK(message->kind == push_kind::message);
  CHECK(message->message_ids.empty());
}

TEST_CASE("what is no notice is refused") {
  std::string many;
  for (int n = 0; n < 1001; ++n) many += "<messageID>a@b</messageID>";
  struct {
    std::string code, soap;
  } const cases[] = {
      {"edelivery.header.xml", "receiveSuccess"},
      {"edelivery.header.size", std::string(512 * 1024 + 1, ' ')},
      {"edelivery.backend.operation", "<a/>"},
      {"edelivery.backend.operation", pushed("launch", "")},
      {"edelivery.backend.operation",
       R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><delete/></e:Body></e:Envelope>)"},
      {"edelivery.backend.value", pushed("sendSuccess", "<messageID/>")},
      {"edelivery.backend.value", pushed("sendFailure", many)}};
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
