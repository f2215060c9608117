// The envelope at its limits, and documents that two readers could read as two.
#include <catch2/catch.hpp>

#include "node/exchange/business_message.hpp"

using namespace ehds;
using namespace ehds::node::exchange;

namespace {

std::string code(std::string const& json) {
  auto const read = read_envelope(json);
  return read ? "read" : read.error().code;
}

std::string holding(std::string const& content) { return R"({"type":"a","content":{"x":)" + content + "}}"; }

}  // namespace

TEST_CASE("an envelope is read up to its depth and refused one level deeper") {
  auto const nested = [](int levels) {
    return holding(std::string(static_cast<std::size_t>(levels), '[') +
                   std::string(static_cast<std::size_t>(levels), ']'));
  };

  CHECK(code(nested(envelope_depth_limit - 2)) == "read");
  CHECK(code(nested(envelope_depth_limit - 1)) == "exchange.envelope.too_deep");
}

TEST_CASE("depth is counted in objects as in lists, and many shallow ones are not deep") {
  std::string deep;
  for (int n = 0; n <= envelope_depth_limit; ++n) deep += R"({"a":)";
  CHECK(code(deep) == "exchange.envelope.too_deep");
  std::string wide = "[";
  for (int n = 0; n < 5000; ++n) wide += n == 0 ? "[]" : ",{}";
  CHECK(code(holding(wide + "]")) == "read");
}

TEST_CASE("closing brackets buy no depth") {
  CHECK(code(std::string(1000, ']') + std::string(100'000, '[')) != "read");
  CHECK(code(holding("[" + std::string(1000, ']') + std::string(100'000, '['))) != "read");
}

TEST_CASE("brackets in a string are no depth, whatever is escaped before them") {
  for (auto const* start : {R"("\\)", R"("\")", R"("\\\")", R"("\u005c)"}) {
    auto const json = holding(std::string{start} + std::string(200, '[') + "\"");
    CAPTURE(start);
    CHECK(code(json) == "read");
  }
}

TEST_CASE("an envelope of exactly the limit is read, one byte more is refused unread") {
  auto const bare = holding("\"\"");
  auto const filled = holding("\"" + std::string(envelope_limit - bare.size(), 'x') + "\"");
  REQUIRE(filled.size() == envelope_limit);

  CHECK(code(filled) == "read");
  CHECK(code(filled + " ") == "exchange.envelope.too_large");
}

TEST_CASE("what is nearly JSON is refused") {
  for (auto const* text : {"", " ", "null", "7", "\"x\"", "{", "{}}", "{}{}", R"({"type":"a","content":{},})",
                           R"({'type':'a'})", R"({"type":"a" "content":{}})", R"({"type":"a","content":{"x":01}})",
                           R"({"type":"a","content":{"x":1e999999}})", R"({"type":"a","content":{"x":NaN}})",
                           "{\"type\":\"a\",\"content\":{\"x\":\"\x01\"}}", R"({"type":"a","content":{"x":"\ud800"}})",
                           "// note\n{\"type\":\"a\",\"content\":{}}"}) {
    CAPTURE(text);
    CHECK(code(text).starts_with("exchange.envelope."));
  }
}

TEST_CASE("a member named twice is refused, at the top and inside the content: two readers would see two messages") {
  CHECK(code(R"({"type":"a","type":"b","content":{}})") == "exchange.envelope.shape");
  CHECK(code(R"({"type":"a","content":{},"content":{"x":1}})") == "exchange.envelope.shape");
  CHECK(code(R"({"type":"a","content":{"application_id":"1","application_id":"2"}})") == "exchange.envelope.shape");
  CHECK(code(R"({"type":"a","content":{"list":[{"x":1},{"x":2}]}})") == "read");
  CHECK(code(R"({"type":"a","content":{"x":{"x":1}}})") == "read");
}

TEST_CASE("the content comes through with its values, order and letters as they were") {
  auto const content = std::string{R"({"z":1,"a":"é","big":12345678901234567890,"f":1.5,"n":null,"t":[true,false]})"};
  auto const written = write_envelope({"r8", "a", "m", "o", "FR", "ap", content}).value();

  CHECK(read_envelope(written).value().content == content);
  CHECK(read_envelope(written).value().original_message_id == "o");
}

TEST_CASE("every field that is a text may be null or absent, and is refused as anything else") {
  for (auto const* name : {"release", "message_id", "original_message_id", "nation_id", "access_point_id"})
    for (auto const* value : {"7", "true", "[]", "{}"}) {
      auto const read = read_envelope(R"({"type":"a","content":{},")" + std::string{name} + "\":" + value + "}");
      CAPTURE(name, value);
      REQUIRE_FALSE(read);
      CHECK(read.error().where == "/" + std::string{name});
    }
  CHECK(code(R"({"type":"a","content":{},"nation_id":null,"release":null})") == "read");
}

TEST_CASE("a validation result keeps a problem's every part, empty ones and odd letters too") {
  problems const found{{"a.b", "Line\nbreak \"quoted\" é", "/x/0", ""}, {"", "", "", ""}};

  CHECK(read_validation(write_validation(found)).value().found == found);
}

TEST_CASE("a validation result with parts of other kinds keeps what is text") {
  auto const read = read_validation(R"({"valid":false,"problems":[{"code":7,"detail":"x"}]})").value();

  REQUIRE(read.found.size() == 1);
  CHECK(read.found[0].code.empty());
  CHECK(read.found[0].detail == "x");
  CHECK_FALSE(read_validation(R"({"valid":"yes"})"));
  CHECK_FALSE(read_validation(R"({"valid":true,"problems":{}})"));
}
