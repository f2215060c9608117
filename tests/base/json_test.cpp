// What is looked at before a JSON text is believed.
#include "base/json.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

using namespace ehds;

TEST_CASE("nesting is counted by brackets outside of strings") {
  CHECK_FALSE(nested_deeper_than("", 0));
  CHECK_FALSE(nested_deeper_than("7", 0));
  CHECK(nested_deeper_than("[]", 0));
  CHECK_FALSE(nested_deeper_than(R"({"a":[1,{}],"b":[]})", 3));
  CHECK(nested_deeper_than(R"({"a":[1,{}],"b":[]})", 2));
  CHECK_FALSE(nested_deeper_than(R"({"a":"[[[[{{{{"})", 1));
  CHECK_FALSE(nested_deeper_than(R"({"a":"\"[[[[\\"})", 1));
  CHECK(nested_deeper_than(R"({"a":"\\",[[[[)", 4));
  CHECK_FALSE(nested_deeper_than("]]]][", 1));
  CHECK_FALSE(nested_deeper_than(R"("ends in the middle \)", 0));
}

TEST_CASE("a million brackets are counted and not built") {
  CHECK(nested_deeper_than(std::string(1'000'000, '['), 64));
  CHECK_FALSE(nested_deeper_than(std::string(1'000'000, ']'), 64));
}

TEST_CASE("a member named twice in one object is noticed at any depth, the same name in two objects is not") {
  using json = nlohmann::json;
  auto const watched = [](std::string const& text) {
    member_watch<json> watch;
    static_cast<void>(json::parse(text, std::ref(watch), false));
    return watch.twice() ? watch.name() : std::string("-");
  };
  CHECK(watched(R"({"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]})") == "-");
  CHECK(watched(R"({"a":1,"a":1})") == "a");
  CHECK(watched(R"({"x":[{"y":{"z":1,"z":2}}]})") == "z");
  CHECK(watched(R"({"":1,"":2})").empty());
  CHECK(watched("[1,2]") == "-");
  CHECK(watched(R"({"a":1,)") == "-");
}
