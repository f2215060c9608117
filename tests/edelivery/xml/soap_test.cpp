#include "edelivery/xml/soap.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;

namespace {

// S, e, w, u are the prefixes of SOAP, ebMS, wsse and wsu.
std::string envelope(std::string const& inside) {
  return "<S:Envelope xmlns:S='" + std::string(ns::soap) + "' xmlns:e='" + std::string(ns::ebms) + "' xmlns:w='" +
         std::string(ns::wsse) + "' xmlns:u='" + std::string(ns::wsu) + "'>" + inside + "</S:Envelope>";
}

std::string code_of(std::string const& inside) {
  auto const parsed = parse_envelope(envelope(inside));
  return parsed ? "" : parsed.error().code;
}

}  // namespace

TEST_CASE("an envelope with one of each is read, with and without a security header") {
  auto const parsed =
      parse_envelope(envelope("<S:Header><e:Messaging u:Id='m'/><w:Security u:Id='s'/></S:Header><S:Body u:Id='b'/>"));
  REQUIRE(parsed);
  CHECK(parsed->messaging().is(ns::ebms, "Messaging"));
  CHECK(parsed->body().is(ns::soap, "Body"));
  CHECK(parsed->security().has_value());
  CHECK(parsed->by_id("m") == parsed->messaging());
  CHECK(parsed->by_id("b") == parsed->body());
  CHECK(parsed->by_id("x") == std::nullopt);
  CHECK(code_of("<S:Header><e:Messaging/></S:Header><S:Body/>").empty());
}

TEST_CASE("a frame that is not the one of a message is refused, naming what is wrong") {
  struct refused {
    char const* inside;
    char const* code;
  };
  static constexpr refused cases[] = {
      {"", "edelivery.header.envelope"},
      {"<S:Body/>", "edelivery.header.envelope"},
      {"<S:Body/><S:Header><e:Messaging/></S:Header>", "edelivery.header.envelope"},
      {"<S:Header><e:Messaging/></S:Header>", "edelivery.header.body"},
      {"<S:Header><e:Messaging/></S:Header><S:Body/><S:Body/>", "edelivery.header.body"},
      {"<S:Header><e:Messaging/></S:Header><S:Body/><x/>", "edelivery.header.body"},
      {"<S:Header/><S:Body/>", "edelivery.header.messaging"},
      {"<S:Header><e:Messaging/><e:Messaging/></S:Header><S:Body/>", "edelivery.header.messaging"},
      {"<S:Header><e:Messaging/><w:Security/><w:Security/></S:Header><S:Body/>", "edelivery.policy.security_headers"},
      {"<S:Header><e:Messaging/><x S:mustUnderstand='true'/></S:Header><S:Body/>", "edelivery.header.must_understand"},
      {"<S:Header><e:Messaging/><x S:mustUnderstand='1'/></S:Header><S:Body/>", "edelivery.header.must_understand"},
      {"<S:Header><e:Messaging/><x><S:Body/></x></S:Header><S:Body/>", "edelivery.authentication.wrapped"},
      {"<S:Header><e:Messaging/><x><e:Messaging/></x></S:Header><S:Body/>", "edelivery.authentication.wrapped"},
      {"<S:Header><e:Messaging/></S:Header><S:Body><w:Security/></S:Body>", "edelivery.authentication.wrapped"},
      {"<S:Header><e:Messaging><S:Envelope/></e:Messaging></S:Header><S:Body/>", "edelivery.authentication.wrapped"},
  };
  for (auto const& each : cases) {
    INFO(each.inside);
    CHECK(code_of(each.inside) == each.code);
  }
}

TEST_CASE("a header that need not be understood passes") {
  CHECK(code_of("<S:Header><e:Messaging/><x S:mustUnderstand='false'/><y/></S:Header><S:Body/>").empty());
}

TEST_CASE("an Id that stands twice is refused, whatever kind of Id it is") {
  for (auto const* attribute : {"u:Id", "Id", "ID", "id", "xml:id"}) {
    INFO(attribute);
    CHECK(code_of("<S:Header><e:Messaging u:Id='same'/></S:Header><S:Body><x " + std::string(attribute) +
                  "='same'/></S:Body>") == "edelivery.authentication.duplicate_id");
  }
  CHECK(code_of("<S:Header><e:Messaging u:Id='same' id='same'/></S:Header><S:Body/>") ==
        "edelivery.authentication.duplicate_id");
}

TEST_CASE("other envelopes are told apart from broken ones") {
  CHECK(parse_envelope("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>").error().code ==
        "edelivery.header.soap_version");
  CHECK(parse_envelope("<html/>").error().code == "edelivery.header.envelope");
  CHECK(parse_envelope("<!DOCTYPE html><html/>").error().code == "edelivery.header.doctype");
}
