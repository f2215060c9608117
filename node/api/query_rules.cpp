#include "node/api/query_rules.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "base/slips.hpp"
#include "node/api/answers.hpp"
#include "node/api/openapi.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;
using rules_by_operation = std::map<std::string, std::vector<query_rule>, std::less<>>;

constexpr std::array<std::string_view, 3> described_surfaces{"/api/", "/catalogue", "/zone/"};
constexpr std::size_t longest_told = 100;  // of a name that somebody made up

std::string operation_name(std::string_view method, std::string_view pattern) {
  std::string name;
  for (char const c : method) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name + " " + std::string(pattern);
}

query_rule rule_in(json const& parameter) {
  auto schema = parameter.at("schema");
  query_rule rule;
  rule.name = parameter.at("name").get<std::string>();
  rule.unless_header = parameter.value("x-unless-header", "");
  rule.is_many = schema.at("type") == "array";
  if (rule.is_many) schema = json(schema.at("items"));
  rule.is_number = schema.at("type") == "integer";
  rule.least = schema.value("minimum", std::numeric_limits<std::int64_t>::min());
  rule.most = schema.value("maximum", std::numeric_limits<std::int64_t>::max());
  rule.words = schema.value("enum", std::vector<std::string>{});
  return rule;
}

rules_by_operation read_description() {
  rules_by_operation all;
  auto const paths = json::parse(openapi_document()).at("paths");
  for (auto const& [path, operations] : paths.items())
    for (auto const& [method, operation] : operations.items()) {
      auto& rules = all[operation_name(method, path)];
      for (auto const& parameter : operation.value("parameters", json::array()))
        if (parameter.at("in") == "query") rules.push_back(rule_in(parameter));
    }
  return all;
}

problem not_so(std::string detail, std::string_view name, std::string mend) {
  return {"api.query", std::move(detail), "?" + std::string(name.substr(0, longest_told)), std::move(mend)};
}

problem not_described(std::string_view name, std::vector<query_rule> const& rules) {
  std::vector<std::string> known;
  for (auto const& rule : rules) known.push_back(rule.name);
  return not_so("nothing of this name can be asked here", name,
                known.empty() ? "leave it out: nothing is read after the ? of this address"
                              : did_you_mean(name, known) + "what can be asked: " + listed(known));
}

std::optional<problem> judge_value(std::string_view value, query_rule const& rule) {
  if (value.empty()) return std::nullopt;
  if (rule.is_number) {
    auto const number = parse_number<std::int64_t>(value);
    if (number && *number >= rule.least && *number <= rule.most) return std::nullopt;
    bool const has_end = rule.most < std::numeric_limits<std::int64_t>::max();
    return not_so("this is no whole number from " + std::to_string(rule.least) +
                      (has_end ? " to " + std::to_string(rule.most) : ""),
                  rule.name, "write a number, or leave " + rule.name + " out");
  }
  if (rule.words.empty() || std::ranges::find(rule.words, value) != rule.words.end()) return std::nullopt;
  return not_so("there is no such " + rule.name, rule.name,
                did_you_mean(value, rule.words) + "use one of " + listed(rule.words) + ", or leave it out");
}

}  // namespace

std::vector<query_rule> const& query_rules_of(std::string_view method, std::string_view pattern) {
  static rules_by_operation const all = read_description();
  return all.at(operation_name(method, pattern));
}

std::optional<problem> judge_query(http::request const& asked, std::vector<query_rule> const& rules) {
  for (auto const& [name, value] : asked.query) {
    auto const rule = std::ranges::find(rules, name, &query_rule::name);
    if (rule == rules.end()) return not_described(name, rules);
    if (!rule->is_many && asked.query.values(name).size() > 1)
      return not_so("this is asked more than once", name, "ask one value of it");
    if (!rule->unless_header.empty() && !asked.header(rule->unless_header).empty()) continue;
    if (auto wrong = judge_value(value, *rule)) return wrong;
  }
  return std::nullopt;
}

http::route as_described(http::route route) {
  auto const is_of = [&](std::string_view surface) { return route.pattern.starts_with(surface); };
  if (std::ranges::none_of(described_surfaces, is_of)) return route;
  route.answer = [inner = std::move(route.answer),
                  &rules = query_rules_of(route.method, route.pattern)](http::request const& asked) {
    auto const wrong = judge_query(asked, rules);
    return wrong ? refuse(*wrong) : inner(asked);
  };
  return route;
}

}  // namespace ehds::node::api
