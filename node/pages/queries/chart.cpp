// The bar chart of an answer, drawn by a template from positions and escaped texts.
#include <algorithm>

#include "node/pages/queries/released_view.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::int64_t label_width = 190;
constexpr std::int64_t bar_width = 440;
constexpr std::int64_t bar_height = 14;
constexpr std::int64_t bar_gap = 3;
constexpr std::int64_t group_gap = 12;
constexpr std::size_t most_groups = 60;
constexpr std::int64_t colours = 6;  // classes series-0 .. in the style sheet

using cells = std::vector<policies::released_cell const*>;

bool is_margin(policies::released_cell const& cell) {
  return std::ranges::find(cell.labels, policies::total_label) != cell.labels.end();
}

std::vector<federation::authority_answer const*> those_with_tables(
    std::vector<federation::authority_answer> const& answers) {
  std::vector<federation::authority_answer const*> with;
  for (auto const& one : answers)
    if (one.table) with.push_back(&one);
  return with;
}

cells groups_of(policies::released_table const& table) {
  cells groups;
  for (auto const& cell : table.cells)
    if (!is_margin(cell) && groups.size() < most_groups) groups.push_back(&cell);
  return groups;
}

policies::released_number figure_of(policies::released_table const& table, std::vector<std::string> const& labels) {
  auto const* const cell = policies::find_cell(table, labels);
  return cell == nullptr || cell->values.empty() ? std::nullopt : cell->values.front();
}

std::string joined(visit const& who, std::vector<std::string> const& labels) {
  std::string text;
  for (auto const& one : labels) text += (text.empty() ? "" : ", ") + label_in_words(who, one);
  return text;
}

std::int64_t largest_of(std::vector<federation::authority_answer const*> const& series, cells const& groups) {
  std::int64_t largest = 1;
  for (auto const* const one : series)
    for (auto const* const group : groups)
      largest = std::max(largest, figure_of(*one->table, group->labels).value_or(0));
  return largest;
}

value bar_view(visit const& who, std::string const& authority, std::int64_t colour, std::int64_t top,
               policies::released_number const& figure, std::int64_t largest) {
  auto const width = figure ? std::max<std::int64_t>(1, *figure * bar_width / largest) : 0;
  auto const said = figure ? std::to_string(*figure) : who.say("hidden_number");
  return value::object({{"x", value(label_width)},
                        {"y", value(top)},
                        {"width", value(width)},
                        {"height", value(bar_height)},
                        {"colour", value(colour)},
                        {"text_x", value(label_width + width + 6)},
                        {"text_y", value(top + bar_height - 3)},
                        {"text", authority + ": " + said},
                        {"hidden", value(!figure)}});
}

}  // namespace

value chart_view(visit const& who, std::string const& title, std::vector<federation::authority_answer> const& answers) {
  auto const series = those_with_tables(answers);
  if (series.empty()) return {};
  auto const groups = groups_of(*series.front()->table);
  if (groups.empty()) return {};
  auto const largest = largest_of(series, groups);
  std::vector<value> drawn;
  std::string described;
  std::int64_t top = 8;
  for (auto const* const group : groups) {
    std::vector<value> bars;
    auto const begin = top;
    std::int64_t colour = 0;
    described += joined(who, group->labels) + ": ";
    for (auto const* const one : series) {
      auto const figure = figure_of(*one->table, group->labels);
      bars.push_back(bar_view(who, one->partner, colour % colours, top, figure, largest));
      described += one->partner + " " + (figure ? std::to_string(*figure) : who.say("hidden_number")) + "; ";
      top += bar_height + bar_gap;
      ++colour;
    }
    drawn.push_back(value::object({{"label", joined(who, group->labels)},
                                   {"label_x", value(label_width - 8)},
                                   {"label_y", value((begin + top) / 2 + 3)},
                                   {"bars", value::list(std::move(bars))}}));
    top += group_gap;
  }
  auto const& measures = series.front()->table->measures;
  return value::object(
      {{"title", title + (measures.empty() ? "" : ": " + who.texts().of_code("measure", measures.front()))},
       {"description", described},
       {"box", "0 0 800 " + std::to_string(top)},
       {"axis_x", value(label_width)},
       {"axis_end", value(top - group_gap)},
       {"groups", value::list(std::move(drawn))}});
}

}  // namespace ehds::node::pages
