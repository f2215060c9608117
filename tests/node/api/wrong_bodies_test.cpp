// Whatever comes, from whomever: an answer, never an exception; a refusal is always problem+json, and what is not there
// says where to look.
#include <catch2/catch.hpp>

#include "node/api/query_rules.hpp"
#include "node/api/surfaces.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using node::identity::role;

namespace {

std::vector<std::set<role>> const callers{{},
                                          {role::applicant},
                                          {role::screener},
                                          {role::assessor},
                                          {role::decider},
                                          {role::catalogue_editor},
                                          {role::auditor},
                                          {role::operator_},
                                          {role::data_preparer},
                                          {role::back_end}};

std::vector<std::string> const bodies{
    "",
    "not json",
    "[]",
    "{}",
    "{\"",
    std::string("\0\xff\xfe", 3),
    std::string(5000, '['),
    R"({"parts": 5})",
    R"({"parts": [5, "x", null, [], {"query": 7}, {"partner": 3, "query": []}]})",
    R"({"id": "q", "title": "t", "parts": [{"partner": "FI"}]})",
    R"({"verb": "decide", "particulars": 7})",
    R"({"verb": "decide", "particulars": {"terms": [], "grounds": {"a": 1}, "outcome": 9}})",
    R"({"verb": {"a": 1}, "status": [], "decision": 4})",
    R"({"datasets": {"a": [1]}, "sections": [1], "country": 5, "response": null})",
    R"({"sections": 3, "grounds": "x"})",
    R"({"sections": [1, "x", {"section": 4}], "grounds": [null, 2]})",
    R"({"application_type": 9, "account": [], "password": {}})",
    R"({"advance_days": 1e99, "advance_seconds": null})",
    R"({"job": 4, "outcome": [], "table": {}, "reason": 3, "has_just_started": "x"})"};

constexpr char const* segments[] = {"x", "%00", "..%2F%FF", "1"};

std::string filled(std::string pattern, std::string const& value) {
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
    pattern.replace(at, pattern.find('}', at) - at + 1, value);
  return pattern;
}

// What may be any text is %FF and %00; a number or a word would be refused before the surface sees it.
std::string texts_asked(std::string const& method, std::string const& pattern) {
  std::string all;
  for (auto const& rule : node::api::query_rules_of(method, pattern))
    if (!rule.is_number && rule.words.empty())
      all += (all.empty() ? "?" : "&") + rule.name + "=" + (all.empty() ? "%FF" : "%00");
  return all;
}

// What was asked for in vain is called by its name in the address, not by what somebody wrote there.
bool names_what_is_not_there(node::http::response const& answer, std::string const& pattern) {
  auto const told = json_of(answer);
  auto const where = told.value("where", "");
  bool const is_named = where.starts_with('/') && pattern.find("{" + where.substr(1) + "}") != std::string::npos;
  return !told.value("mend", "").empty() && (is_named || pattern.find('{') == std::string::npos);
}

bool is_decent(node::http::response const& answer, std::string const& pattern) {
  if (answer.status >= 200 && answer.status < 400) return true;
  if (answer.status == 404 && !names_what_is_not_there(answer, pattern)) return false;
  bool const is_report = answer.status == 422 && json_of(answer).contains("conforms");  // POST /api/validation
  return answer.status >= 400 && answer.status < 500 && (is_report || is_problem(answer));
}

void throw_at(one_house& house, std::string const& method, std::string const& pattern) {
  for (auto const& who : callers) {
    auto const key = who.empty() ? std::string("none") : house.key_with(who);
    for (auto const* type : {"application/json", "text/turtle"}) {
      for (std::size_t i = 0; i < (method == "GET" ? std::size(segments) : bodies.size()); ++i) {
        auto const target = filled(pattern, segments[i % 4]) + texts_asked(method, pattern);
        INFO(method << " " << target << " " << bodies[i]);
        auto const answer =
            house.ask(method, target, {{"X-API-Key", key}, {"Content-Type", type}, {"If-Match", "x"}}, bodies[i]);
        if (is_decent(answer, pattern)) continue;
        INFO(answer.status << " " << answer.body);
        REQUIRE(false);
      }
    }
  }
}

}  // namespace

TEST_CASE("every route answers wrong and empty bodies with problem+json and never fails") {
  auto const* const id = GENERATE("FR", "EU");
  one_house house(id, [](auto& settings) { settings.back_ends = {{"erp", {{"urn:orders", {}}}, "", ""}}; });
  house.parts().health.set_draining(false);
  for (auto const& [method, pattern] : node::api::public_router(house.parts().rooms).listing()) {
    if (pattern == "/as4" || pattern.starts_with("/services/") || pattern == "/api/rehearsal/clock") continue;
    INFO(pattern);
    throw_at(house, method, pattern);
  }
}

TEST_CASE("what is no AS4 message is answered with an ebMS error, not with a failure") {
  one_house fr("FR", [](auto& settings) { settings.limits.unproven_at_once = 1000; });
  for (auto const* type : {"application/soap+xml", "multipart/related; boundary=x", "text/plain", ""}) {
    for (auto const& body : bodies) {
      auto const answer = fr.ask("POST", "/as4", {{"Content-Type", type}}, body);
      INFO(type << " " << body << " " << answer.body);
      CHECK(answer.status < 500);
      bool const may_be_as4 = std::string(type).starts_with("app") || std::string(type).starts_with("multi");
      CHECK(answer.body.find(may_be_as4 ? "Error" : "AS4") != std::string::npos);
    }
  }
}
