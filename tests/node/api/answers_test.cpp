// The one table from a problem's code to a status.
#include "node/api/answers.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::node::api;
using namespace ehds::tests;

TEST_CASE("a problem's code decides the status") {
  struct expected {
    char const* code;
    int status;
  };
  auto const one = GENERATE(values<expected>({
      {"api.unauthenticated", 401},
      {"identity.sign_in", 401},
      {"api.forbidden", 403},
      {"api.csrf", 403},
      {"access.case.role", 403},
      {"identity.duties", 403},
      {"access.case.unknown", 404},
      {"exchange.ledger.unknown", 404},
      {"exchange.outbox.unknown", 404},
      {"federation.unknown", 404},
      {"catalogue.unknown", 404},
      {"exchange.partner.unknown", 422},
      {"catalogue.gone", 410},
      {"access.case.transition", 409},
      {"federation.taken", 409},
      {"exchange.outbox.delivered", 409},
      {"federation.not_waiting", 409},
      {"federation.not_leased", 409},
      {"access.command.reused", 409},
      {"access.draft.version", 409},
      {"rdf.too_large", 413},
      {"api.media_type", 415},
      {"rdf.syntax", 400},
      {"api.json", 400},
      {"query.value", 422},
      {"access.application.incomplete", 422},
      {"catalogue.foreign", 422},
      {"federation.question", 422},
      {"identity.throttled", 429},
      {"store.busy", 503},
      {"store.disk_full", 503},
      {"store.broken", 503},
      {"who.knows", 400},
  }));
  INFO(one.code);
  CHECK(status_of({one.code, {}, {}, {}}) == one.status);
}

TEST_CASE("a refusal is problem+json; 401 says how to come in, 503 and 429 when to come back") {
  auto const closed = refuse(problem{"api.unauthenticated", "who are you", {}, {}});
  CHECK(is_problem(closed));
  CHECK(closed.headers.get("WWW-Authenticate") == "Bearer");
  CHECK(refuse(problem{"store.disk_full", "full", {}, {}}).headers.has("Retry-After"));
  CHECK(refuse(problem{"identity.throttled", "slowly", {}, {}}).headers.has("Retry-After"));
  CHECK_FALSE(refuse(problem{"api.forbidden", "no", {}, {}}).headers.has("Retry-After"));
}

TEST_CASE("several findings come in one answer, by the status of what stands in the way") {
  auto const findings = refuse(problems{{"form.one", "a", "/a", "mend a"}, {"form.two", "b", "/b", "mend b"}});
  CHECK(findings.status == 422);
  CHECK(is_problem(findings));
  CHECK(json_of(findings).at("problems").size() == 2);
  // One code has one status, however many findings there are.
  CHECK(refuse(problems{{"api.json", "a", "/a", "x"}, {"api.json", "b", "/b", "x"}}).status == 400);
  CHECK(refuse(problems{{"api.json", "a", "/a", "x"}}).status == 400);
  CHECK(refuse(problems{{"store.disk_full", "full", {}, {}}}).status == 503);
  CHECK(refuse(problems{{"rdf.too_large", "large", {}, {}}}).status == 413);
}

TEST_CASE("a body is a JSON object of bounded depth, said to be JSON") {
  auto const body = [](std::string const& text, std::string const& type) {
    return body_object(request_of("POST", "/x", {{"Content-Type", type}}, text));
  };
  CHECK(body(R"({"a":1})", "application/json; charset=utf-8")->at("a") == 1);
  CHECK(body("{}", "text/plain").error().code == "api.media_type");
  CHECK(body("{}", "").error().code == "api.media_type");
  for (auto const* text : {"", "[]", "null", "{", "\"a\"", "{\"a\":\"\xff\"}"}) {
    INFO(text);
    CHECK(body(text, "application/json").error().code == "api.json");
  }
  auto const deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK(body(deep, "application/json").error().code == "api.json");
}

TEST_CASE("a body that is no JSON is refused at the line where it stops being JSON") {
  auto const told = [](std::string const& text) {
    return body_object(request_of("POST", "/x", {{"Content-Type", "application/json"}}, text)).error();
  };
  CHECK(told("{\n  \"a\": 1,\n  \"b\" 2\n}").where == "line 3, column 7");
  CHECK(told("{\"a\": 1").where == "line 1, column 8");
  CHECK(told("[]").where.empty());
  CHECK(told("[]").detail == "this is JSON, but no object");
  CHECK(told("{\"a\": 1e999}").mend == "look for a number that is far too large");
  CHECK(told("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}").detail.find("deeper than 48") !=
        std::string::npos);
}

TEST_CASE("a member of no known name is refused with the one that was meant, and only if it is near") {
  auto const object = [](char const* name) { return nlohmann::json{{name, 1}}; };
  auto const mend = [&](char const* name) {
    return only_members(object(name), {"action", "properties", "parts"}).error().mend;
  };
  CHECK(mend("prpoerties") == "did you mean properties? the members are action, properties, parts");
  CHECK(mend("nation") == "the members are action, properties, parts");
}

TEST_CASE("idempotency keys of any length stay different, and short in the store") {
  auto const key = [](std::string const& text) {
    return given_key(request_of("POST", "/api/messages", {{"Idempotency-Key", text}}));
  };
  CHECK(key("order-17") == "order-17");
  CHECK(key("").empty());
  CHECK(key(std::string(200, 'x')) == std::string(200, 'x'));
  CHECK(key(std::string(200, 'x') + "1") != key(std::string(200, 'x') + "2"));
  CHECK(key(std::string(200, 'x') + "1").size() <= 200);
}
