// The plain values of the room: header fields, percent-encoding, cookies, problem documents.
#include <catch2/catch.hpp>

#include "node/http/request.hpp"
#include "node/http/response.hpp"

using namespace ehds::node::http;

TEST_CASE("header names compare without case and keep their order") {
  headers h{{"Accept", "a"}, {"X-Key", "1"}, {"accept", "b"}};

  CHECK(h.get("ACCEPT") == "a");
  CHECK(h.all("accept") == "a, b");
  h.set("Accept", "c");
  CHECK(h.all("accept") == "c");
  CHECK(h.size() == 2);
  CHECK_FALSE(h.has("cookie"));
}

TEST_CASE("urlencoded fields keep order and repetition") {
  auto const read = parse_urlencoded("a=1&b=x+y%26&a=2&&flag&empty=");

  REQUIRE(read);
  CHECK(read->values("a") == std::vector<std::string>{"1", "2"});
  CHECK(read->value("b") == "x y&");
  CHECK(read->has("flag"));
  CHECK(read->value("empty").empty());
  CHECK(read->size() == 5);
}

TEST_CASE("more urlencoded fields than allowed are refused") {
  CHECK(parse_urlencoded("a&b&c", 3));
  CHECK(parse_urlencoded("a&b&c&d", 3).error().code == "http.too_many_fields");
}

TEST_CASE("cookies are found by exact name") {
  request r;
  r.headers = {{"Cookie", "theme=dark; session=abc=="}, {"Cookie", "quoted=\"v\""}};

  CHECK(r.cookie("session") == "abc==");
  CHECK(r.cookie("quoted") == "v");
  CHECK(r.cookie("Session").empty());
  CHECK(r.cookie("heme").empty());
}

TEST_CASE("a cookie is set with its protections") {
  response answer;
  set_cookie(answer, {.name = "session", .value = "abc", .max_age_seconds = 60});

  CHECK(answer.headers.get("Set-Cookie") == "session=abc; Path=/; SameSite=Lax; Max-Age=60; Secure; HttpOnly");
  CHECK_THROWS_AS(set_cookie(answer, {.name = "a", .value = "x; Domain=evil"}), std::invalid_argument);
  CHECK_THROWS_AS(set_cookie(answer, {.name = "a\r\nX", .value = "x"}), std::invalid_argument);
}

TEST_CASE("a problem becomes a problem document") {
  auto const answer = problem_response(
      422, ehds::problem{"dcat.title", "The title is missing.", "/dataset", "Add dct:title."}, "/datasets");

  CHECK(answer.status == 422);
  CHECK(answer.headers.get("Content-Type") == "application/problem+json");
  CHECK(answer.body == R"({
  "type": "urn:ehds:problem:dcat.title",
  "title": "Unprocessable Content",
  "status": 422,
  "code": "dcat.title",
  "detail": "The title is missing.",
  "where": "/dataset",
  "mend": "Add dct:title.",
  "instance": "/datasets"
}
)");
}

TEST_CASE("several findings stand in one problem document, and bytes that are no UTF-8 do not break it") {
  auto const answer = problem_response(400, ehds::problems{{"a", "First.", "", ""}, {"b", "Second \xff.", "", ""}});

  CHECK(answer.body.find("\"problems\": [") != std::string::npos);
  CHECK(answer.body.find("Second \xef\xbf\xbd.") != std::string::npos);
}
