#include "node/access/clocks/legal_clock.hpp"
#include "node/access/shipped.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace ehds::node::access {
namespace {

period read_period(json const& node) {
  auto const part = [&](char const* key) { return static_cast<int>(number_of(node, key)); };
  return {part("months"), part("weeks"), part("days"), part("working_days")};
}

clock_rule read_rule(json const& node) {
  return {.id = text_of(node, "id"),
          .label = text_of(node, "label"),
          .source = text_of(node, "source"),
          .length = read_period(member(node, "length")),
          .extension = read_period(member(node, "extension")),
          .extensions = static_cast<int>(number_of(node, "extensions")),
          .pauses = flag_of(node, "pauses")};
}

}  // namespace

result<std::vector<clock_rule>> read_clock_rules(std::string_view text) {
  auto document = read_json(text, {});
  if (!document) return std::move(document).error();
  std::vector<clock_rule> rules;
  for (auto const& node : *document) {
    rules.push_back(read_rule(node));
    if (rules.back().id.empty() || rules.back().length.empty())
      return problem{"access.clock.rules", "A clock rule lacks its id or its length.",
                     "rule " + std::to_string(rules.size()), "Give each rule an id and a length."};
  }
  return rules;
}

clock_rule const& shipped_clock_rule(std::string_view id) {
  static auto const rules = read_clock_rules(shipped::clock_rules()).value();
  auto const found = std::ranges::find(rules, id, &clock_rule::id);
  if (found == rules.end()) throw std::out_of_range("no clock rule " + std::string{id});
  return *found;
}

}  // namespace ehds::node::access
