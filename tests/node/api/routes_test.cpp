// The description that is published and the routes that are served are the same, both ways.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "node/api/openapi.hpp"
#include "node/api/surfaces.hpp"
#include "node/house/one_house.hpp"

using namespace ehds::tests;
using nlohmann::json;

namespace {

std::set<std::string> served() {
  std::set<std::string> all;
  one_house centre("EU");
  one_house nation("FR");
  for (auto* house : {&centre, &nation})
    for (auto const& router :
         {ehds::node::api::public_router(house->parts().rooms), ehds::node::api::internal_router(house->parts().rooms)})
      for (auto const& [method, pattern] : router.listing()) all.insert(method + " " + pattern);
  return all;
}

json document() { return json::parse(ehds::node::api::openapi_document()); }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::set<std::string> parameters_in(std::string const& path) {
  std::set<std::string> names;
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
    names.insert(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

}  // namespace

TEST_CASE("every route is described and every description is served") {
  std::set<std::string> described;
  for (auto const& [path, operations] : document().at("paths").items())
    for (auto const& [method, operation] : operations.items()) described.insert(upper(method) + " " + path);
  CHECK(described == served());
}

TEST_CASE("each description has a sentence, an id of its own, and names its parameters") {
  std::set<std::string> ids;
  for (auto const& [path, operations] : document().at("paths").items()) {
    for (auto const& [method, operation] : operations.items()) {
      INFO(method << " " << path);
      CHECK_FALSE(operation.at("summary").get<std::string>().empty());
      CHECK(ids.insert(operation.at("operationId").get<std::string>()).second);
      std::set<std::string> named;
      for (auto const& one : operation.value("parameters", json::array()))
        if (one.at("in") == "path") named.insert(one.at("name").get<std::string>());
      CHECK(named == parameters_in(path));
      CHECK(operation.at("responses").at("default").at("$ref") == "#/components/responses/answer");
    }
  }
}

TEST_CASE("whatever is asked, a refusal is described as problem+json") {
  CHECK(document().at(json::json_pointer("/components/responses/answer/content")).contains("application/problem+json"));
}

TEST_CASE("the document is served where it says, as JSON, to anybody") {
  one_house nation("FR");
  auto const answer = nation.ask("GET", "/openapi.json");
  CHECK(answer.status == 200);
  CHECK(json_of(answer) == document());
}

TEST_CASE("a national node has no applicants' surface, the centre no desk, and neither shows the zone outside") {
  one_house nation("FR");
  one_house centre("EU");
  CHECK(nation.ask("POST", "/api/drafts").status == 404);
  CHECK(centre.ask("GET", "/api/cases").status == 404);
  CHECK(nation.ask("POST", "/zone/pull").status == 404);
  CHECK(nation.ask_inside(request_of("GET", "/api/datasets")).status == 404);
}

TEST_CASE("every answer tells browsers not to guess and caches not to keep") {
  one_house nation("FR");
  for (auto const* path : {"/livez", "/api/datasets", "/nowhere", "/api/cases"}) {
    auto const answer = nation.ask("GET", path);
    INFO(path);
    CHECK(answer.headers.get("X-Content-Type-Options") == "nosniff");
    CHECK(answer.headers.get("Cache-Control") == "no-store");
  }
}
