#include "policies/disclosure/protection.hpp"

#include <random>

#include <catch2/catch.hpp>

#include "policies/disclosure/audit.hpp"
#include "policies/disclosure/rounding.hpp"
#include "policies/disclosure/simplex.hpp"

using namespace ehds::policies;
using namespace ehds::policies::disclosure;

namespace {

table_layout layout_of(std::vector<std::size_t> const& sizes) {
  table_layout layout;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    layout.axes.push_back({"d" + std::to_string(i), std::vector<std::string>(sizes[i], "label"), true});
  return layout;
}

struct table_case {
  table_layout layout;
  grid shape;
  protected_figure figure;
  hiding state;

  table_case(std::vector<std::size_t> const& sizes, std::vector<std::int64_t> const& base, std::int64_t k,
             std::int64_t rounding)
      : layout(layout_of(sizes)), shape(layout) {
    for (std::size_t cell = 0; cell < shape.size(); ++cell) {
      std::int64_t value = 0;
      for (auto const under : shape.bases_under(cell)) {
        std::vector<std::size_t> position;
        for (std::size_t i = 0; i < shape.axes(); ++i) position.push_back(shape.place(under, i));
        value += base[layout.cell_at(position)];
      }
      auto shown = behind(rounded(value, rounding), rounding);
      shown.low = std::min(std::max(shown.low, k), value);
      figure.value.push_back(value);
      figure.shown.push_back(shown);
      figure.need.push_back({0, k});
      state.hidden.push_back(value < k);
      state.sensitive.push_back(value < k);
      state.pinned.push_back(false);
    }
  }

  std::size_t hidden_count() const {
    return static_cast<std::size_t>(std::count(state.hidden.begin(), state.hidden.end(), true));
  }
};

}  // namespace

TEST_CASE("grid cells know their margins and the cells under them") {
  auto const layout = layout_of({2, 3});
  grid const shape(layout);

  CHECK(shape.size() == 12);
  CHECK(shape.bases_under(shape.size() - 1).size() == 6);
  CHECK(shape.bases_count_under(shape.size() - 1) == 6);
  CHECK(shape.totals(shape.size() - 1) == 3U);
  CHECK(shape.total_over(shape.from_layout(4), 1U) == shape.moved(shape.from_layout(4), 0, 2));
  auto const order = shape.in_order();
  for (std::size_t cell = 0; cell < 6; ++cell) CHECK(order[cell] == shape.from_layout(cell));
  CHECK(order.back() == shape.size() - 1);
}

TEST_CASE("a linear programme is solved, an unbounded one is told") {
  linear_programme const programme{{{1, 1}, {1, 3}}, {4, 6}};
  CHECK(maximise(programme, {3, 5}).value() == Approx(14));
  CHECK(maximise(programme, {0, 1}).value() == Approx(2));
  CHECK_FALSE(maximise({{{1, -1}}, {1}}, {1, 0}));
}

TEST_CASE("one small cell in a row falls to a subtraction, until a neighbour is hidden") {
  table_case t({2, 3}, {100, 3, 200, 150, 160, 170}, 11, 1);
  auto const small = t.shape.from_layout(1);

  CHECK(reader_knows(t.shape, t.figure, t.state.hidden, small) == interval{3, 3});
  CHECK(reader_reckons(t.shape, t.figure, t.state.hidden)[small] == interval{3, 3});
  CHECK(betrayed_cells(t.shape, t.figure, t.state) == std::vector<std::size_t>{small});
  CHECK_FALSE(is_safe(t.shape, t.figure, t.state));

  protect(t.shape, t.figure, t.state);

  CHECK(is_safe(t.shape, t.figure, t.state));
  CHECK(betrayed_cells(t.shape, t.figure, t.state).empty());
  CHECK(t.hidden_count() == 4);
}

TEST_CASE("rounding alone protects where there is room enough") {
  table_case t({8}, {100, 103, 207, 150, 160, 170, 90, 4}, 11, 10);
  protect(t.shape, t.figure, t.state);
  CHECK(t.hidden_count() == 1);
  CHECK(betrayed_cells(t.shape, t.figure, t.state).empty());
}

TEST_CASE("a pinned neighbour is of no help") {
  table_case t({2, 2}, {50, 3, 60, 70}, 11, 1);
  for (std::size_t cell = 0; cell < t.shape.size(); ++cell) t.state.pinned[cell] = cell != t.shape.from_layout(1);
  protect(t.shape, t.figure, t.state);
  CHECK(t.hidden_count() == t.shape.size());
}

TEST_CASE("a table of nothing is hidden whole and safe") {
  table_case t({2, 2}, {0, 0, 0, 0}, 5, 1);
  protect(t.shape, t.figure, t.state);
  CHECK(t.hidden_count() == t.shape.size());
  CHECK(is_safe(t.shape, t.figure, t.state));
  CHECK(betrayed_cells(t.shape, t.figure, t.state).empty());
}

TEST_CASE("in random tables the reader, by linear programming, never pins down a small cell") {
  std::vector<std::vector<std::size_t>> const shapes{{4}, {2, 3}, {2, 5}, {4, 4}, {2, 2, 2}, {2, 3, 3}, {3, 2, 2, 2}};
  std::mt19937_64 random(20261122);
  for (int round = 0; round < 60; ++round) {
    auto const& sizes = shapes[random() % shapes.size()];
    std::size_t cells = 1;
    for (auto const s : sizes) cells *= s;
    std::vector<std::int64_t> base(cells);
    auto const scale = 5 + random() % 200;
    for (auto& v : base) v = static_cast<std::int64_t>(random() % 4 == 0 ? random() % 8 : random() % scale);
    std::int64_t const k = random() % 2 == 0 ? 5 : 11;
    std::int64_t const rounding = std::vector<std::int64_t>{1, 5, 10}[random() % 3];
    table_case t(sizes, base, k, rounding);

    protect(t.shape, t.figure, t.state);

    INFO("round " << round << ", " << t.hidden_count() << " of " << t.shape.size() << " hidden, rounding " << rounding);
    CHECK(is_safe(t.shape, t.figure, t.state));
    CHECK(betrayed_cells(t.shape, t.figure, t.state).empty());
  }
}

TEST_CASE("passing bounds along lines is never tighter than the linear programme") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::int64_t> base(9);
    for (auto& v : base) v = static_cast<std::int64_t>(random() % 40);
    table_case t({3, 3}, base, 11, 5);
    auto const reckoned = reader_reckons(t.shape, t.figure, t.state.hidden);
    for (std::size_t cell = 0; cell < t.shape.size(); ++cell) {
      auto const exact = reader_knows(t.shape, t.figure, t.state.hidden, cell);
      CHECK(reckoned[cell].low <= exact.low);
      CHECK(reckoned[cell].high >= exact.high);
      CHECK(exact.low <= t.figure.value[cell]);
      CHECK(exact.high >= t.figure.value[cell]);
    }
  }
}

TEST_CASE("a large table is protected in good time and most of it stays") {
  std::mt19937_64 random(11);
  std::vector<std::int64_t> base(2 * 18 * 13 * 5);
  for (auto& v : base) v = static_cast<std::int64_t>(random() % 30 == 0 ? random() % 5 : 30 + random() % 400);
  table_case t({2, 18, 13, 5}, base, 11, 10);

  protect(t.shape, t.figure, t.state);

  CHECK(is_safe(t.shape, t.figure, t.state));
  CHECK(betrayed_cells(t.shape, t.figure, t.state).empty());
  CHECK(t.hidden_count() * 4 < t.shape.size());
}
