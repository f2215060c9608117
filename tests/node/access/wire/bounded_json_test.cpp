#include "node/access/wire/bounded_json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds::node::access;

TEST_CASE("JSON is read within its limits") {
  json_limits const small{.bytes = 200, .depth = 3, .members = 12};

  CHECK(read_json(R"({"a":[1,{"b":"[[[[[["}]})", small));
  CHECK(read_json(std::string(201, ' '), small).error().code == "access.json.too_large");
  CHECK(read_json("[[[[1]]]]", small).error().code == "access.json.too_deep");
  CHECK(read_json("[1,2,3,4,5,6,7,8,9,10,11,12,13]", small).error().code == "access.json.too_large");
  CHECK(read_json(R"({"a":1)", small).error().code == "access.json.syntax");
  CHECK(read_json("", small).error().code == "access.json.syntax");
}

TEST_CASE("A million open brackets cost nothing") {
  CHECK(read_json(std::string(1'000'000, '['), {}).error().code == "access.json.too_deep");
}

TEST_CASE("A key named twice is refused, because two readers could see two documents") {
  CHECK(read_json(R"({"a":1,"b":{"a":2}})", {}));
  CHECK(read_json(R"({"a":1,"a":2})", {}).error().code == "access.json.duplicate_key");
}

TEST_CASE("Members are read leniently and choices in both of their shapes") {
  auto const node = read_json(R"({"t":"x","n":7,"b":true,"l":["a",1,"b"],"c":{"key":"a","value":"Oui"}})", {}).value();

  CHECK(text_of(node, "t") == "x");
  CHECK(text_of(node, "n").empty());
  CHECK(number_of(node, "n") == 7);
  CHECK(flag_of(node, "b"));
  CHECK(text_list(node, "l") == std::vector<std::string>{"a", "b"});
  CHECK(choice_key(member(node, "c")) == "a");
  CHECK(choice_key(member(node, "t")) == "x");
  CHECK(member(node, "nothing").is_null());
}
