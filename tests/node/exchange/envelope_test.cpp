#include <catch2/catch.hpp>

#include "node/exchange/business_message.hpp"

using namespace ehds;
using namespace ehds::node::exchange;

namespace {

std::string refusal(std::string const& json) { return read_envelope(json).error().code; }

}  // namespace

TEST_CASE("an envelope is one JSON object with its fields in order and null for what it does not have") {
  envelope const of{"r8", "statusUpdate", "m1@fr", "", "FR", "ap-fr", R"({"b":1,"a":[2.5]})"};

  auto const json = write_envelope(of).value();

  CHECK(json ==
        R"({"release":"r8","type":"statusUpdate","message_id":"m1@fr","original_message_id":null,"nation_id":"FR",)"
        R"("access_point_id":"ap-fr","content":{"b":1,"a":[2.5]}})");
  CHECK(read_envelope(json).value() == of);
}

TEST_CASE(
    "an envelope needs its type and content; what the receiver stamps may be absent, unknown fields may be there") {
  auto const read = read_envelope(R"({"type":"withdrawal","content":{},"later":[1]})").value();

  CHECK(read.type == "withdrawal");
  CHECK(read.content == "{}");
  CHECK(read.nation_id.empty());
}

TEST_CASE("what is not an envelope is refused with the place") {
  CHECK(refusal("") == "exchange.envelope.json");
  CHECK(refusal("{\"type\":\"\xff\"}") == "exchange.envelope.json");
  CHECK(refusal("[]") == "exchange.envelope.shape");
  CHECK(refusal(R"({"content":{}})") == "exchange.envelope.shape");
  CHECK(refusal(R"({"type":"a","content":[]})") == "exchange.envelope.shape");
  CHECK(refusal(R"({"type":7,"content":{}})") == "exchange.envelope.shape");
  CHECK(read_envelope(R"({"type":"a","release":{},"content":{}})").error().where == "/release");
  CHECK(refusal(std::string(100'000, '[')) == "exchange.envelope.too_deep");
  CHECK(refusal(std::string(envelope_limit + 1, ' ')) == "exchange.envelope.too_large");
}

TEST_CASE("brackets inside a string are not depth") {
  std::string const deep(200, '[');

  CHECK(read_envelope(R"({"type":"a","content":{"x":"\")" + deep + R"("}})"));
}

TEST_CASE("a content that is no object cannot be posted") {
  CHECK(write_envelope({"r8", "a", "", "", "", "", "[]"}).error().code == "exchange.content");
  CHECK(write_envelope({"r8", "a", "", "", "", "", "{"}).error().code == "exchange.content");
}

TEST_CASE("a validation result says what was found, all of it") {
  problems const found = {{"dcat.missing", "The title is missing.", "dct:title", "Add one."}, {"x", "y", "", ""}};

  auto const json = write_validation(found);

  CHECK(json.starts_with(R"({"valid":false,"problems":[{"code":"dcat.missing")"));
  CHECK(read_validation(json).value().found == found);
  CHECK_FALSE(read_validation(json).value().valid);
  CHECK(read_validation(write_validation({})).value().valid);
  CHECK(read_validation(R"({"valid":true})").value().valid);
  CHECK_FALSE(read_validation("{}"));
  CHECK_FALSE(read_validation("x"));
  CHECK_FALSE(read_validation(R"({"valid":true,"problems":1})"));
  CHECK_FALSE(read_validation(R"({"valid":true,"problems":[1]})"));
}
