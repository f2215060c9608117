#include <catch2/catch.hpp>

#include "policies/json/object_reader.hpp"

using namespace ehds::policies;

namespace {

std::string rewritten(std::string const& text) { return json::write(json::read(text).value()); }
std::string fault_code(std::string const& text) { return json::read(text).error().code; }

}  // namespace

TEST_CASE("JSON is written as RFC 8785 says") {
  CHECK(rewritten(" { \"b\" : [ 1 , true, null ] , \"a\" : \"x\" } ") == R"({"a":"x","b":[1,true,null]})");
  CHECK(rewritten("-0") == "0");
  CHECK(rewritten("9007199254740991") == "9007199254740991");
  CHECK(rewritten("-9007199254740991") == "-9007199254740991");
  CHECK(rewritten("false") == "false");
}

TEST_CASE("texts are escaped only where they must be") {
  CHECK(rewritten(R"("\u0008\u0009\u000a\u000c\u000d\u0022\u005c\u002f\u001f\u007f\u00e9\u20ac")") ==
        "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\x7f\xc3\xa9\xe2\x82\xac\"");
}

TEST_CASE("names are ordered by their UTF-16 units") {
  // U+10000 is written D800 DC00 in UTF-16 and comes before U+E000 and U+FB33, though its UTF-8 comes after.
  CHECK(rewritten(R"({"\ufb33":1,"\ue000":2,"\ud800\udc00":3,"\u20ac":4,"1":5,"\u00f6":6,"":7})") ==
        "{\"\":7,\"1\":5,\"\xc3\xb6\":6,\"\xe2\x82\xac\":4,\"\xf0\x90\x80\x80\":3,\"\xee\x80\x80\":2,\"\xef\xac\xb3\":"
        "1}");
}

TEST_CASE("what one reader could take one way and another reader another way is refused") {
  CHECK(fault_code(R"({"a":1,"a":1})") == "json.doubled_member");
  CHECK(fault_code(R"({"a":1,"\u0061":2})") == "json.doubled_member");
  CHECK(fault_code("1.0") == "json.number");
  CHECK(fault_code("1e2") == "json.number");
  CHECK(fault_code("-9007199254740992") == "json.number");
  CHECK(fault_code("18446744073709551616") == "json.number");
  CHECK(fault_code("\"\xc0\xaf\"") == "json.not_utf8");
  CHECK(fault_code(R"("\ud800")") == "json.syntax");
  CHECK(fault_code("[1,]") == "json.syntax");
  CHECK(fault_code("// no\n1") == "json.syntax");
  CHECK(fault_code("\xef\xbb\xbf ") == "json.syntax");
  CHECK(fault_code("NaN") == "json.syntax");
}

TEST_CASE("a text that is no JSON is told its line and column") {
  CHECK(json::read("").error().detail.ends_with("at line 1, column 1."));
  CHECK(json::read("{\n  \"a\": 1\n  \"b\": 2\n}").error().detail.find(" line 3, ") != std::string::npos);
}

TEST_CASE("size and depth have limits") {
  CHECK(json::read("[[1]]", {100, 2}).has_value());
  CHECK(json::read("[[[1]]]", {100, 2}).error().code == "json.too_deep");
  CHECK(json::read("[1,2]", {4, 2}).error().code == "json.too_large");
  CHECK(fault_code(std::string(200'000, '[')) == "json.too_deep");
}

TEST_CASE("an object reader notes every fault with its place") {
  auto const root =
      json::read(R"({"text":1,"number":"1","truth":0,"day":"2026-13-01","list":{},"word":"z","long":")" +
                 std::string(500, 'x') + R"(","empty":"","texts":["a",1],"many":[1,2,3],"range":7,"x/y":1})")
          .value();
  ehds::problems found;
  json::object_reader in(root, "/at", "test", found);
  CHECK(in.text("text").empty());
  CHECK(in.number("number", 1, 5) == 1);
  CHECK(in.truth_or("truth", true));
  in.day("day");
  in.each("list", 5, [](auto const&, auto const&) {});
  CHECK(in.one_of("word", {"a", "b"}) == 0);
  CHECK(in.text("long").empty());
  CHECK(in.text("empty").empty());
  CHECK(in.texts_or_none("texts") == std::vector<std::string>{"a"});
  in.each("many", 2, [](auto const&, auto const&) { FAIL("too many items are not read"); });
  CHECK(in.number("range", 1, 5) == 1);
  CHECK(in.number("absent", 3, 5) == 3);
  CHECK(in.number_or("absent2", 4, 1, 5) == 4);
  CHECK_FALSE(in.truth_or("absent3", false));
  CHECK(in.text_or("absent4", "or") == "or");
  in.refuse_others();

  std::vector<std::string> codes;
  for (auto const& p : found) codes.push_back(p.code + " " + p.where);
  CHECK(codes == std::vector<std::string>{"test.type /at/text", "test.type /at/number", "test.type /at/truth",
                                          "test.value /at/day", "test.type /at/list", "test.value /at/word",
                                          "test.value /at/long", "test.value /at/empty", "test.type /at/texts/1",
                                          "test.value /at/many", "test.value /at/range", "test.missing /at/absent",
                                          "test.unknown_member /at/x/y"});
}
