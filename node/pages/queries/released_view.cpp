#include "node/pages/queries/released_view.hpp"

#include <algorithm>

#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

value number_view(visit const& who, policies::released_number const& number) {
  return value::object(
      {{"text", number ? std::to_string(*number) : who.say("hidden_number")}, {"hidden", value(!number)}});
}

value labels_view(visit const& who, std::vector<std::string> const& labels) {
  return value::list(labels, [&](std::string const& label) {
    return value(label == policies::total_label ? who.say("all") : label_in_words(who, label));
  });
}

value dimension_names(std::vector<policies::released_dimension> const& dimensions, visit const& who) {
  return value::list(dimensions, [&](auto const& one) { return value(who.texts().of_code("dimension", one.name)); });
}

value policy_view(policies::policy_stamp const& policy) {
  return value::object({{"id", policy.id},
                        {"version", value(policy.version)},
                        {"threshold", value(policy.threshold)},
                        {"rounding", value(policy.rounding)},
                        {"justification", policy.justification}});
}

value empty_number() { return value::object({{"text", "–"}, {"hidden", ""}}); }

}  // namespace

value table_view(visit const& who, policies::released_table const& table) {
  auto columns = table.measures;
  for (auto& one : columns) one = who.texts().of_code("measure", one);
  if (table.has_denominator) columns.push_back(who.say("denominator"));
  auto const rows = value::list(table.cells, [&](policies::released_cell const& cell) {
    std::vector<value> numbers;
    for (auto const& one : cell.values) numbers.push_back(number_view(who, one));
    if (table.has_denominator) numbers.push_back(number_view(who, cell.denominator));
    return value::object({{"labels", labels_view(who, cell.labels)}, {"numbers", value::list(std::move(numbers))}});
  });
  return value::object({{"dimensions", dimension_names(table.dimensions, who)},
                        {"columns", value::list(columns, [](auto const& one) { return value(one); })},
                        {"rows", rows},
                        {"dataset", table.dataset},
                        {"permit", table.permit_id + "/" + std::to_string(table.permit_version)},
                        {"query_hash", table.query_hash},
                        {"policy", policy_view(table.policy)}});
}

value comparison_view(visit const& who, std::vector<federation::authority_answer> const& answers,
                      federation::pooled_answer const& pooled) {
  if (pooled.cells.empty()) return {};
  std::vector<value> columns;
  for (auto const& one : answers) columns.emplace_back(country_in_words(who, one.partner));
  columns.emplace_back(who.say("pooled"));
  if (pooled.has_denominator) columns.emplace_back(who.say("pooled_denominator"));
  auto const rows = value::list(pooled.cells, [&](policies::released_cell const& cell) {
    std::vector<value> numbers;
    for (auto const& one : answers) {
      auto const* const own = one.table ? policies::find_cell(*one.table, cell.labels) : nullptr;
      bool const there = own != nullptr && !own->values.empty();
      numbers.push_back(there ? number_view(who, own->values.front()) : empty_number());
    }
    numbers.push_back(cell.values.empty() ? empty_number() : number_view(who, cell.values.front()));
    if (pooled.has_denominator) numbers.push_back(number_view(who, cell.denominator));
    return value::object({{"labels", labels_view(who, cell.labels)}, {"numbers", value::list(std::move(numbers))}});
  });
  return value::object(
      {{"dimensions", dimension_names(pooled.dimensions, who)},
       {"measure", pooled.measures.empty() ? "" : who.texts().of_code("measure", pooled.measures.front())},
       {"columns", value::list(std::move(columns))},
       {"rows", rows}});
}

}  // namespace ehds::node::pages
