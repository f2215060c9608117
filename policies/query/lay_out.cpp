#include <algorithm>

#include "policies/query/words.hpp"
#include "policies/table_layout.hpp"

namespace ehds::policies {
namespace {

result<axis> axis_of(dimension const& d, std::vector<declared_dimension> const& declared) {
  if (d.name == words::age_band) return axis{d.name, age_band_labels(d.breaks), true};
  if (d.name == words::year) {
    axis years{d.name, {}, false};
    for (auto y = d.from; y <= d.to; ++y) years.labels.push_back(std::to_string(y));
    return years;
  }
  auto const found = std::ranges::find(declared, d.name, &declared_dimension::name);
  if (found == declared.end() || found->values.empty())
    return problem{"query.undeclared_dimension", "The dataset declares no dimension \"" + d.name + "\".", "/by",
                   "Use age_band, year or a dimension of the dataset's declaration."};
  return axis{d.name, found->values, true};
}

}  // namespace

std::vector<std::string> age_band_labels(std::vector<std::int64_t> const& breaks) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    bool const last = i + 1 == breaks.size();
    labels.push_back(std::to_string(breaks[i]) + (last ? "+" : "-" + std::to_string(breaks[i + 1] - 1)));
  }
  return labels;
}

std::size_t table_layout::cell_count() const {
  std::size_t count = 1;
  for (auto const& a : axes) count *= a.labels.size();
  return count;
}

std::size_t table_layout::cell_at(std::vector<std::size_t> const& position) const {
  std::size_t cell = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) cell = cell * axes[i].labels.size() + position.at(i);
  return cell;
}

std::vector<std::size_t> table_layout::position_of(std::size_t cell) const {
  std::vector<std::size_t> position(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    position[i] = cell % axes[i].labels.size();
    cell /= axes[i].labels.size();
  }
  return position;
}

std::vector<std::string> table_layout::labels_of(std::size_t cell) const {
  auto const position = position_of(cell);
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < axes.size(); ++i) labels.push_back(axes[i].labels[position[i]]);
  return labels;
}

result<table_layout> lay_out(aggregate_query const& query, std::vector<declared_dimension> const& declared) {
  table_layout layout;
  for (auto const& d : query.by) {
    auto laid = axis_of(d, declared);
    if (!laid) return std::move(laid).error();
    layout.axes.push_back(*std::move(laid));
    if (layout.cell_count() > query_limits::cells)
      return problem{"query.too_many_cells",
                     "The table would have more than " + std::to_string(query_limits::cells) + " cells.", "/by",
                     "Use fewer dimensions or wider bands."};
  }
  layout.measures = query.measures;
  layout.denominator = query.denominator;
  return layout;
}

}  // namespace ehds::policies
