#include "node/http/router.hpp"

#include <catch2/catch.hpp>

using namespace ehds::node::http;

namespace {

request asking(std::string method, std::string path) {
  request r;
  r.method = std::move(method);
  r.path = std::move(path);
  return r;
}

handler says(std::string word) {
  return [word](request const& r) {
    auto said = word;
    for (auto const& p : r.parameters) said += " " + p.name + "=" + p.value;
    return text(said);
  };
}

router example() {
  router r;
  r.add("GET", "/", says("home"));
  r.add("GET", "/datasets", says("list"));
  r.add({"POST", "/datasets", says("create"), 5'000'000});
  r.add("GET", "/datasets/{id}", says("one"));
  r.add("GET", "/datasets/latest", says("latest"));
  r.add("GET", "/datasets/{id}/versions/{version}", says("version"));
  r.add("GET", "/assets/{file...}", says("asset"));
  return r;
}

}  // namespace

TEST_CASE("a route is found by method and pattern, and its parameters are decoded") {
  struct row {
    std::string method, path;
    int status;
    std::string body;
  };
  auto const table = GENERATE(values<row>({
      {"GET", "/", 200, "home"},
      {"GET", "/datasets", 200, "list"},
      {"HEAD", "/datasets", 200, "list"},
      {"POST", "/datasets", 200, "create"},
      {"GET", "/datasets/7", 200, "one id=7"},
      {"GET", "/datasets/latest", 200, "latest"},
      {"GET", "/datasets/https%3A%2F%2Fx.eu%2Fd%2F1", 200, "one id=https://x.eu/d/1"},
      {"GET", "/datasets/a%20b/versions/2", 200, "version id=a b version=2"},
      {"GET", "/assets/css/site.css", 200, "asset file=css/site.css"},
  }));

  auto const answer = example().answer(asking(table.method, table.path));

  INFO(table.method << " " << table.path);
  CHECK(answer.status == table.status);
  CHECK(answer.body == table.body);
}

TEST_CASE("an unknown address is 404 as a problem document") {
  auto const path = GENERATE(as<std::string>{}, "/nothing", "/datasets/", "/datasets/1/versions",
                             "/datasets//versions/1", "//datasets");

  auto const answer = example().answer(asking("GET", path));

  CHECK(answer.status == 404);
  CHECK(answer.headers.get("content-type") == "application/problem+json");
}

TEST_CASE("whoever is at a wrong address hears where the addresses are listed, when they are") {
  auto const mend = [](router const& at) {
    auto const body = at.answer(asking("GET", "/nothing")).body;
    CHECK(body.find("\"mend\": \"Check the address; ") != std::string::npos);
    return body;
  };
  auto one = example();
  CHECK(mend(one).find("openapi") == std::string::npos);
  one.add({"GET", "/openapi.json", [](request const&) { return text("{}"); }});
  CHECK(mend(one).find("; /openapi.json lists those of the API.") != std::string::npos);
}

TEST_CASE("a known address with another method is 405 and names the methods") {
  auto const answer = example().answer(asking("DELETE", "/datasets"));

  CHECK(answer.status == 405);
  CHECK(answer.headers.get("Allow") == "GET, HEAD, POST");
}

TEST_CASE("OPTIONS answers the methods without a body") {
  auto const answer = example().answer(asking("OPTIONS", "/datasets/7"));

  CHECK(answer.status == 204);
  CHECK(answer.headers.get("Allow") == "GET, HEAD");
  CHECK(answer.body.empty());
}

TEST_CASE("a parameter that is not well-formed percent-encoding is 400") {
  CHECK(example().answer(asking("GET", "/datasets/100%")).status == 400);
  CHECK(example().answer(asking("GET", "/datasets/%zz")).status == 400);
}

TEST_CASE("each route names how large a body may be") {
  auto const r = example();

  CHECK(r.body_limit("POST", "/datasets") == 5'000'000);
  CHECK(r.body_limit("POST", "/nothing") == 64 * 1024);
}

TEST_CASE("a route's pattern is its name in metrics") {
  CHECK(example().pattern_of("GET", "/datasets/7") == "/datasets/{id}");
  CHECK(example().pattern_of("GET", "/nothing").empty());
}

TEST_CASE("wraps see every answer, the last one added outermost") {
  auto r = example();
  auto const adding = [](std::string word) {
    return [word](request const& asked, handler const& next) {
      auto answer = next(asked);
      answer.headers.add("Via", word);
      return answer;
    };
  };
  r.around(adding("inner"));
  r.around(adding("outer"));

  CHECK(r.answer(asking("GET", "/nothing")).headers.all("Via") == "inner, outer");
}

TEST_CASE("malformed and doubled patterns are refused when the table is made") {
  router r = example();

  CHECK_THROWS_AS(r.add("GET", "datasets", says("")), std::invalid_argument);
  CHECK_THROWS_AS(r.add("GET", "/a{b}", says("")), std::invalid_argument);
  CHECK_THROWS_AS(r.add("GET", "/{}", says("")), std::invalid_argument);
  CHECK_THROWS_AS(r.add("GET", "/{rest...}/x", says("")), std::invalid_argument);
  CHECK_THROWS_AS(r.add("GET", "/datasets/{other}", says("")), std::invalid_argument);
}
