#include "policies/disclosure/figures.hpp"

#include <algorithm>
#include <functional>

namespace ehds::policies::disclosure {
namespace {

using refs = std::vector<contribution const*>;

std::int64_t adds(contribution const& c, measure const& m, std::size_t index) {
  switch (m.what) {
    case measured::persons:
      return 1;
    case measured::events:
      return c.events;
    case measured::sum:
      return c.sums[index];
  }
  return 0;
}

// One entry a person: persons of several cells (unit event) are put together.
class person_totals {
 public:
  person_totals(refs all, std::vector<measure> const& measures) : measures_(measures) {
    std::ranges::sort(all, {}, [](contribution const* c) { return c->person; });
    for (auto const* const c : all) {
      if (tokens_.empty() || tokens_.back() != c->person) {
        tokens_.push_back(c->person);
        totals_.resize(totals_.size() + measures.size());
      }
      events_ += c->events;
      for (std::size_t m = 0; m < measures.size(); ++m) {
        auto& total = totals_[totals_.size() - measures.size() + m];
        total = measures[m].what == measured::persons ? 1 : total + adds(*c, measures[m], m);
      }
    }
  }

  measured_figure of(std::size_t m, disclosure_policy const& policy) const {
    measured_figure figure;
    std::vector<std::int64_t> each;
    for (std::size_t p = 0; p < tokens_.size(); ++p) {
      auto const total = totals_[p * measures_.size() + m];
      figure.value += total;
      if (total != 0) each.push_back(total);
    }
    figure.contributors = static_cast<std::int64_t>(each.size());
    if (measures_[m].what == measured::persons) return figure;
    auto const few = std::min(each.size(), static_cast<std::size_t>(policy.dominant_contributors));
    std::ranges::partial_sort(each, each.begin() + static_cast<std::ptrdiff_t>(few), std::greater{});
    std::int64_t held = 0;
    for (std::size_t i = 0; i < few; ++i) held += each[i];
    // In 128 bits: a sum of clipped amounts over millions of persons times 100 could pass 64.
    figure.dominated =
        static_cast<__int128>(held) * 100 > static_cast<__int128>(figure.value) * policy.dominant_percent;
    return figure;
  }

  std::vector<person_set::token> tokens() && { return std::move(tokens_); }
  std::int64_t events() const { return events_; }

 private:
  std::vector<measure> const& measures_;
  std::vector<person_set::token> tokens_;
  std::vector<std::int64_t> totals_;  // persons x measures
  std::int64_t events_ = 0;
};

// The denominator does not know events: over a year axis it is the same, over a person axis it adds up.
std::int64_t denominator_of(raw_cells const& raw, grid const& shape, std::vector<std::size_t> const& layout_cell,
                            std::size_t cell) {
  for (std::size_t i = 0; i < shape.axes(); ++i) {
    if (!raw.layout.axes[i].of_person && shape.is_total(cell, i)) cell = shape.moved(cell, i, 0);
  }
  std::int64_t sum = 0;
  for (auto const base : shape.bases_under(cell)) sum += raw.cells[layout_cell[base]].denominator;
  return sum;
}

}  // namespace

std::vector<figures> work_out(raw_cells const& raw, grid const& shape, disclosure_policy const& policy) {
  std::vector<std::size_t> layout_cell(shape.size());
  for (std::size_t c = 0; c < raw.cells.size(); ++c) layout_cell[shape.from_layout(c)] = c;

  std::vector<figures> all(shape.size());
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    refs persons;
    for (auto const base : shape.bases_under(cell)) {
      for (auto const& c : raw.cells[layout_cell[base]].persons) persons.push_back(&c);
    }
    person_totals totals(std::move(persons), raw.layout.measures);
    auto& figure = all[cell];
    for (std::size_t m = 0; m < raw.layout.measures.size(); ++m) figure.measures.push_back(totals.of(m, policy));
    figure.events = totals.events();
    figure.denominator = denominator_of(raw, shape, layout_cell, cell);
    figure.persons = person_set(std::move(totals).tokens());
  }
  return all;
}

}  // namespace ehds::policies::disclosure
