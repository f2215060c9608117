#include "policies/disclosure/answer.hpp"

#include <algorithm>

#include "policies/disclosure/rounding.hpp"

namespace ehds::policies::disclosure {
namespace {

void compare_with_history(answer& done, cleared_query const& cleared, disclosure_policy const& policy,
                          query_history const& history) {
  std::vector<std::string> keys;
  for (auto const& m : cleared.query().measures) keys.push_back(measure_key(cleared.query(), m));
  done.echoes.resize(done.cells.size());
  for (std::size_t cell = 0; cell < done.cells.size(); ++cell) {
    if (done.why[cell] != hidden_because::shown) continue;
    auto& echo = done.echoes[cell];
    echo = look_back(done.cells[cell].persons, keys, cleared.query().dataset, history,
                     static_cast<std::size_t>(policy.threshold));
    if (echo.hide) done.why[cell] = hidden_because::protects_neighbour;
  }
}

hiding state_of(answer const& done) {
  hiding state;
  for (std::size_t cell = 0; cell < done.cells.size(); ++cell) {
    bool const hidden = done.why[cell] != hidden_because::shown;
    state.hidden.push_back(hidden);
    state.sensitive.push_back(hidden);
    state.pinned.push_back(!hidden && !done.echoes[cell].figures.empty());
  }
  return state;
}

interval need_of(answer const& done, std::size_t cell, std::int64_t value, bool of_persons, std::int64_t k) {
  switch (done.why[cell]) {
    case hidden_because::no_person:
    case hidden_because::few_persons:
      if (of_persons || value <= k) return {0, std::max(k, value)};
      return {0, value + value / 10 + 1};
    case hidden_because::few_left_out:
    case hidden_because::protects_neighbour:
      return {std::max<std::int64_t>(0, value - k), value + (of_persons ? 0 : k)};
    case hidden_because::dominated:
      return {value - value / 10, value + value / 10};
    case hidden_because::shown:
    case hidden_because::whole_table:
      break;
  }
  return {value, value};
}

template <class ValueOf, class ShownOf>
protected_figure figure_of(answer const& done, disclosure_policy const& policy, bool of_persons, ValueOf value_of,
                           ShownOf shown_of) {
  protected_figure figure;
  for (std::size_t cell = 0; cell < done.cells.size(); ++cell) {
    auto const value = value_of(cell);
    auto shown = behind(shown_of(cell), policy.rounding);
    if (of_persons) shown.low = std::max(shown.low, policy.threshold);
    figure.value.push_back(value);
    // An earlier answer's figure may be off by a few persons.
    figure.shown.push_back({std::min(shown.low, value), std::max(shown.high, value)});
    figure.need.push_back(need_of(done, cell, value, of_persons, policy.threshold));
  }
  return figure;
}

void hide_neighbours(answer& done, grid const& shape, aggregate_query const& query, disclosure_policy const& policy) {
  auto const all = additive_figures(done, shape, query, policy);
  for (std::ptrdiff_t before = -1, now = 0; before != now;) {
    before = std::ranges::count(done.state.hidden, true);
    for (auto const& figure : all) protect(shape, figure, done.state);
    now = std::ranges::count(done.state.hidden, true);
  }
  show_again(shape, all, done.state);
  for (std::size_t cell = 0; cell < done.cells.size(); ++cell) {
    if (done.state.hidden[cell] && done.why[cell] == hidden_because::shown)
      done.why[cell] = hidden_because::protects_neighbour;
  }
}

// Denominators are a table of their own over the person axes.
std::vector<bool> hide_denominators(raw_cells const& raw, grid const& shape, answer const& done,
                                    disclosure_policy const& policy) {
  table_layout of_persons;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < shape.axes(); ++i) {
    if (!raw.layout.axes[i].of_person) continue;
    of_persons.axes.push_back(raw.layout.axes[i]);
    kept.push_back(i);
  }
  grid const smaller(of_persons);
  std::vector<std::size_t> place(shape.size());
  protected_figure figure{std::vector<std::int64_t>(smaller.size()), std::vector<interval>(smaller.size()),
                          std::vector<interval>(smaller.size())};
  hiding state{std::vector<bool>(smaller.size()), std::vector<bool>(smaller.size()), std::vector<bool>(smaller.size())};
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    for (std::size_t i = 0; i < kept.size(); ++i) place[cell] += shape.place(cell, kept[i]) * smaller.step(i);
    auto const at = place[cell];
    auto const value = done.cells[cell].denominator;
    figure.value[at] = value;
    auto const shown = behind(rounded(value, policy.rounding), policy.rounding);
    figure.shown[at] = {std::min(std::max(shown.low, policy.threshold), value), shown.high};
    figure.need[at] = {0, policy.threshold};
    state.hidden[at] = state.sensitive[at] = value < policy.threshold;
  }
  if (policy.complementary) {
    protect(smaller, figure, state);
    show_again(smaller, {figure}, state);
  }
  std::vector<bool> hidden(shape.size());
  for (std::size_t cell = 0; cell < shape.size(); ++cell) hidden[cell] = state.hidden[place[cell]];
  return hidden;
}

}  // namespace

std::int64_t shown_value(answer const& done, std::size_t cell, std::size_t measure_index, std::int64_t base) {
  auto const& echo = done.echoes[cell];
  if (measure_index < echo.figures.size() && echo.figures[measure_index]) return *echo.figures[measure_index];
  return rounded(done.cells[cell].measures[measure_index].value, base);
}

std::vector<protected_figure> additive_figures(answer const& done, grid const& shape, aggregate_query const& query,
                                               disclosure_policy const& policy) {
  static_cast<void>(shape);
  auto const base = policy.rounding;
  std::vector<protected_figure> all;
  // A person may be in several cells when rows are counted: then persons do not add up, rows do.
  bool const of_persons = query.unit == counted::person;
  auto const units = [&](std::size_t cell) {
    return of_persons ? static_cast<std::int64_t>(done.cells[cell].persons.size()) : done.cells[cell].events;
  };
  auto const persons = std::ranges::find(query.measures, measured::persons, &measure::what);
  auto const persons_index = static_cast<std::size_t>(persons - query.measures.begin());
  all.push_back(figure_of(done, policy, of_persons, units, [&](std::size_t cell) {
    bool const measured_here = of_persons && persons != query.measures.end();
    return measured_here ? shown_value(done, cell, persons_index, base) : rounded(units(cell), base);
  }));
  for (std::size_t m = 0; m < query.measures.size(); ++m) {
    if (query.measures[m].what == measured::persons) continue;
    all.push_back(figure_of(
        done, policy, false, [&](std::size_t cell) { return done.cells[cell].measures[m].value; },
        [&](std::size_t cell) { return shown_value(done, cell, m, base); }));
  }
  return all;
}

answer work_out_answer(raw_cells const& raw, grid const& shape, cleared_query const& cleared,
                       disclosure_policy const& policy, query_history const& history) {
  answer done;
  done.cells = work_out(raw, shape, policy);
  done.why = hidden_for_own_sake(raw, shape, done.cells, policy);
  compare_with_history(done, cleared, policy, history);
  done.state = state_of(done);
  if (policy.complementary) hide_neighbours(done, shape, cleared.query(), policy);
  if (raw.layout.denominator) done.denominator_hidden = hide_denominators(raw, shape, done, policy);
  return done;
}

}  // namespace ehds::policies::disclosure
