// What is asked after the '?' is what openapi.json describes, or is refused by its name; it is never quietly ignored.
#include "node/api/query_rules.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "dcat/catalogue/search.hpp"
#include "dcat/rdf/syntax.hpp"
#include "node/access/cases/status.hpp"
#include "node/api/openapi.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/ledger.hpp"
#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::api::query_rule;
using node::identity::role;

namespace {

query_rule rule_of(std::string_view pattern, std::string_view name) {
  auto const& rules = node::api::query_rules_of("GET", pattern);
  auto const found = std::ranges::find(rules, name, &query_rule::name);
  REQUIRE(found != rules.end());
  return *found;
}

template <class Words>
std::vector<std::string> words_of(Words const& words) {
  return {std::begin(words), std::end(words)};
}

constexpr auto any_number = std::numeric_limits<std::int64_t>::max();

std::vector<query_rule> const some_rules{{"status", false, false, 0, 0, {"queued", "failed"}, ""},
                                         {"subject", false, false, 0, 0, {}, ""},
                                         {"count", false, true, 1, any_number, {}, ""},
                                         {"year", false, true, 0, 9999, {}, ""},
                                         {"country", true, false, 0, 0, {}, ""},
                                         {"last_event_id", false, true, 0, any_number, {}, "Last-Event-ID"}};

std::string judged(std::string const& query) {
  auto const found = node::api::judge_query(request_of("GET", "/x?" + query), some_rules);
  return found ? to_text(*found) : "";
}

std::string some_address(std::string pattern) {
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
    pattern.replace(at, pattern.find('}', at) - at + 1, "x");
  return pattern;
}

bool is_described(std::string_view pattern) {
  return pattern.starts_with("/api/") || pattern.starts_with("/zone/") || pattern == "/catalogue";
}

// As an answer of that route, of whichever side serves it.
void check_refused(node::http::router const& side, std::string const& method, std::string const& target,
                   std::string const& where) {
  auto const answer = side.answer(request_of(method, target));
  INFO(method << " " << target << " " << answer.body);
  CHECK(answer.status == 400);
  CHECK(is_problem(answer));
  CHECK(json_of(answer).at("code") == "api.query");
  CHECK(json_of(answer).at("where") == "?" + where);
  CHECK_FALSE(json_of(answer).at("mend").get<std::string>().empty());
}

}  // namespace

TEST_CASE("what is described can be asked") {
  for (auto const* query : {"", "status=failed", "status=", "subject=%FF%00", "count=1", "count=99999", "year=2024",
                            "country=a&country=b", "last_event_id=0", "count="}) {
    INFO(query);
    CHECK(judged(query) == "");
  }
}

TEST_CASE("what cannot be asked is refused with its place, and with what was probably meant") {
  std::vector<std::pair<std::string, std::string>> const cases{
      {"staus=failed",
       "nothing of this name can be asked here (at ?staus) Mend: did you mean status? what can be asked: "
       "status, subject, count, year, country, last_event_id"},
      {"status=faild",
       "there is no such status (at ?status) Mend: did you mean failed? use one of queued, failed, or leave "
       "it out"},
      {"status=failed&status=queued", "this is asked more than once (at ?status) Mend: ask one value of it"},
      {"count=0", "this is no whole number from 1 (at ?count) Mend: write a number, or leave count out"},
      {"year=10000", "this is no whole number from 0 to 9999 (at ?year) Mend: write a number, or leave year out"}};
  for (auto const& [query, told] : cases) CHECK(judged(query) == told);
  for (auto const* text : {"-1", "x", "1x", "%2B1", "1.5", "99999999999999999999", "%00", "%20"}) {
    INFO(text);
    CHECK(judged("count=" + std::string(text)).find("(at ?count)") != std::string::npos);
  }
  CHECK(judged(std::string(5000, 'n') + "=1").size() < 400);
}

TEST_CASE("a number that a header makes needless is not read") {
  auto asked = request_of("GET", "/x?last_event_id=x");
  CHECK(node::api::judge_query(asked, some_rules).has_value());
  asked.headers.set("Last-Event-ID", "3");
  CHECK_FALSE(node::api::judge_query(asked, some_rules).has_value());
}

TEST_CASE("every route of the API refuses what its description does not name, and numbers that are none") {
  one_house centre("EU");
  one_house nation("FR");
  std::size_t names = 0;
  for (auto* house : {&centre, &nation})
    for (auto const& side :
         {node::api::public_router(house->parts().rooms), node::api::internal_router(house->parts().rooms)})
      for (auto const& [method, pattern] : side.listing()) {
        auto const path = some_address(pattern);
        if (!is_described(pattern)) continue;
        check_refused(side, method, path + "?bogus=1", "bogus");
        for (auto const& rule : node::api::query_rules_of(method, pattern)) {
          ++names;
          if (rule.is_number) check_refused(side, method, path + "?" + rule.name + "=x", rule.name);
          if (!rule.words.empty()) check_refused(side, method, path + "?" + rule.name + "=zzz", rule.name);
          if (!rule.is_many) check_refused(side, method, path + "?" + rule.name + "=&" + rule.name + "=", rule.name);
        }
      }
  CHECK(names > 60);
}

TEST_CASE("probes and protocols that are not ours take any query") {
  one_house fr("FR");
  for (auto const* path : {"/livez?now", "/metrics?collect=all", "/openapi.json?v=2", "/services/wsplugin?wsdl"})
    CHECK(fr.ask("GET", path).status == 200);
  CHECK(fr.as({role::screener}, "GET", "/national-dispatcher/applications?page=0&size=20").status == 200);
}

TEST_CASE("words that are described are those that the rooms know") {
  CHECK(rule_of("/api/ledger", "status").words == words_of(node::exchange::ledger_statuses));
  for (auto const* path : {"/api/ledger", "/api/messages/{message}", "/api/messages/{message}/parts/{part}"})
    CHECK(rule_of(path, "direction").words == words_of(node::exchange::ledger_directions));
  for (auto const facet : dcat::facet_names) CHECK(rule_of("/api/datasets", facet).is_many);
  for (auto const* path : {"/api/datasets/{dataset}", "/catalogue"})
    for (auto const& ending : rule_of(path, "format").words) CHECK(dcat::syntax_of_file("x." + ending).has_value());
  auto const statuses = rule_of("/api/cases", "status").words;
  for (auto const& code : statuses) CHECK(node::access::case_status_of(code).has_value());
  CHECK(statuses.size() == static_cast<std::size_t>(node::access::case_status::appeal_rejected) + 1);
}

TEST_CASE("every name after the ? is described in words, and by a type that is judged") {
  auto const paths = json::parse(node::api::openapi_document()).at("paths");
  for (auto const& [path, operations] : paths.items())
    for (auto const& [method, operation] : operations.items())
      for (auto const& one : operation.value("parameters", json::array())) {
        if (one.at("in") != "query") continue;
        INFO(method << " " << path << " " << one);
        CHECK_FALSE(one.at("description").get<std::string>().empty());
        auto const type = one.at("schema").at("type").get<std::string>();
        auto const of = type == "array" ? one.at("schema").at("items").at("type").get<std::string>() : type;
        CHECK((of == "string" || of == "integer"));
        if (of == "integer") CHECK(one.at("schema").contains("minimum"));
      }
}
