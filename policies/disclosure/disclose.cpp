#include "policies/disclosure/disclose.hpp"

#include <algorithm>

#include "policies/disclosure/answer.hpp"
#include "policies/disclosure/repeat.hpp"
#include "policies/disclosure/rounding.hpp"
#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

using disclosure::answer;
using disclosure::grid;

released_table heading(raw_cells const& raw, cleared_query const& cleared, disclosure_policy const& policy) {
  released_table table;
  table.query_hash = cleared.hash();
  table.protocol = cleared.query().protocol;
  table.dataset = cleared.query().dataset;
  table.authority = cleared.authority();
  table.permit_id = cleared.permit_id();
  table.permit_version = cleared.permit_version();
  table.basis = cleared.basis();
  table.unit = cleared.query().unit;
  table.policy = {policy.id, policy.version, policy.threshold, policy.rounding, policy.justification};
  for (auto const& a : raw.layout.axes) table.dimensions.push_back({a.dimension, a.labels});
  for (auto const& m : raw.layout.measures) table.measures.push_back(measure_label(m));
  table.has_denominator = raw.layout.denominator;
  return table;
}

released_cell released(answer const& done, grid const& shape, std::size_t cell, std::int64_t base) {
  released_cell shown;
  shown.labels = shape.labels_of(cell);
  for (std::size_t m = 0; m < done.cells[cell].measures.size(); ++m) {
    released_number value;
    if (!done.state.hidden[cell]) value = disclosure::shown_value(done, cell, m, base);
    // A shown zero would tell zero from suppressed.
    if (value == 0) value.reset();
    shown.values.push_back(value);
  }
  if (!done.denominator_hidden.empty() && !done.denominator_hidden[cell])
    shown.denominator = disclosure::rounded(done.cells[cell].denominator, base);
  return shown;
}

history_cell remembered(answer& done, grid const& shape, std::size_t cell, released_cell const& shown) {
  history_cell kept;
  kept.persons = std::move(done.cells[cell].persons);
  kept.shown = !done.state.hidden[cell];
  // Where the whole table was hidden there is nothing to subtract from.
  kept.guarded = done.why[cell] != hidden_because::shown && done.why[cell] != hidden_because::whole_table;
  kept.base = shape.is_base(cell);
  kept.grand_total = cell + 1 == shape.size();
  kept.values = shown.values;
  kept.denominator = shown.denominator;
  return kept;
}

desk_row looked_at(answer const& done, std::size_t cell, released_cell const& shown) {
  desk_row row;
  row.labels = shown.labels;
  row.persons = static_cast<std::int64_t>(done.cells[cell].persons.size());
  for (auto const& m : done.cells[cell].measures) row.true_values.push_back(m.value);
  row.released_values = shown.values;
  row.why = done.why[cell];
  row.from_earlier_answer = !done.state.hidden[cell] && !done.echoes[cell].figures.empty();
  return row;
}

// Cells and memory are those of the earlier release, in the same order; true figures for the desk come with them.
std::vector<desk_row> repeat(history_entry const& earlier, raw_cells const& raw, grid const& shape,
                             disclosure_policy const& policy, released_table& out) {
  auto const figures = disclosure::work_out(raw, shape, policy);
  auto const why = disclosure::hidden_for_own_sake(raw, shape, figures, policy);
  std::vector<desk_row> rows;
  auto kept = earlier.cells.begin();
  for (auto const cell : shape.in_order()) {
    released_cell shown{shape.labels_of(cell), kept->values, kept->denominator};
    desk_row row{shown.labels, static_cast<std::int64_t>(figures[cell].persons.size()), {}, shown.values, why[cell],
                 kept->shown};
    if (!kept->shown && row.why == hidden_because::shown) row.why = hidden_because::protects_neighbour;
    for (auto const& m : figures[cell].measures) row.true_values.push_back(m.value);
    rows.push_back(std::move(row));
    out.cells.push_back(std::move(shown));
    ++kept;
  }
  return rows;
}

bool asked_before(query_history const& history, std::string const& hash, std::string const& permit) {
  return std::ranges::any_of(history.entries,
                             [&](auto const& entry) { return entry.query_hash == hash && entry.permit_id == permit; });
}

// Depends on query, policy and budget only.
result<std::int64_t> price_of(raw_cells const& raw, cleared_query const& cleared, disclosure_policy const& policy,
                              query_history const& history, std::int64_t cells_spent) {
  if (raw.query_hash != cleared.hash())
    return problem{"disclosure.other_query", "The figures belong to another query.", "", "Run the cleared query."};
  if (policy.id != cleared.disclosure_policy())
    return problem{"disclosure.other_policy", "The permit asks for policy " + cleared.disclosure_policy() + ".", "",
                   "Give the policy that the permit names."};
  if (auto against = inadmissible(cleared.query(), policy); !against.empty()) return std::move(against.front());
  if (asked_before(history, cleared.hash(), cleared.permit_id())) return std::int64_t{0};
  auto const price = static_cast<std::int64_t>(grid(raw.layout).size());
  if (cells_spent + price > policy.cells_per_permit)
    return problem{"disclosure.budget", "The answers under this permit would have too many cells.", "",
                   "Ask for fewer cells, or for a larger budget."};
  return price;
}

}  // namespace

problems inadmissible(aggregate_query const& query, disclosure_policy const& policy) {
  problems against;
  for (auto const& d : query.by) {
    if (d.name != words::age_band) continue;
    auto const narrow = std::ranges::adjacent_find(
        d.breaks, [&](std::int64_t a, std::int64_t b) { return b - a < policy.narrowest_age_band; });
    if (narrow == d.breaks.end()) continue;
    against.push_back({"disclosure.age_band",
                       "An age band is narrower than " + std::to_string(policy.narrowest_age_band) + " years.", "/by",
                       "Use wider bands."});
  }
  return against;
}

result<release_proposal> disclose(raw_table const& table, cleared_query const& cleared, disclosure_policy const& policy,
                                  query_history const& history, std::int64_t cells_spent) {
  auto const& raw = disclosure::raw_reading::of(table);
  auto const price = price_of(raw, cleared, policy, history, cells_spent);
  if (!price) return price.error();

  grid const shape(raw.layout);
  auto out = heading(raw, cleared, policy);
  auto const made_of = disclosure::digest_of(raw, policy);
  if (auto const* const earlier = disclosure::released_before(history, cleared.query().dataset, made_of)) {
    auto again = *earlier;
    again.permit_id = cleared.permit_id();
    auto rows = repeat(*earlier, raw, shape, policy, out);
    return release_proposal{
        std::move(out), {cleared.permit_id(), *price, std::move(again)}, desk_view(std::move(rows))};
  }
  auto done = disclosure::work_out_answer(raw, shape, cleared, policy, history);
  history_entry entry{cleared.query().dataset,
                      cleared.hash(),
                      cleared.permit_id(),
                      cleared.query().unit == counted::person,
                      {},
                      {},
                      made_of};
  for (auto const& m : raw.layout.measures) entry.measure_keys.push_back(measure_key(cleared.query(), m));
  std::vector<desk_row> rows;
  for (auto const cell : shape.in_order()) {
    auto shown = released(done, shape, cell, policy.rounding);
    rows.push_back(looked_at(done, cell, shown));
    entry.cells.push_back(remembered(done, shape, cell, shown));
    out.cells.push_back(std::move(shown));
  }
  return release_proposal{std::move(out), {cleared.permit_id(), *price, std::move(entry)}, desk_view(std::move(rows))};
}

}  // namespace ehds::policies
