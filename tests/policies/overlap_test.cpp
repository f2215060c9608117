#include "policies/disclosure/overlap.hpp"

#include <catch2/catch.hpp>

using namespace ehds::policies;
using disclosure::echo;
using disclosure::look_back;

namespace {

constexpr std::size_t k = 5;
std::vector<std::string> const persons_key{"persons"};

person_set from_to(person_set::token first, person_set::token last) {
  std::vector<person_set::token> tokens;
  for (auto t = first; t <= last; ++t) tokens.push_back(t);
  return person_set(std::move(tokens));
}

history_cell shown(person_set persons, std::int64_t value, bool base = false) {
  return {std::move(persons), true, false, base, !base, {value}};
}

history_cell guarded(person_set persons) { return {std::move(persons), false, true, true, false, {std::nullopt}}; }

query_history of(std::vector<std::vector<history_cell>> entries) {
  query_history history;
  for (auto& cells : entries) history.entries.push_back({"d", "hash", "permit", true, persons_key, std::move(cells)});
  return history;
}

released_number figure(echo const& found) { return found.figures.empty() ? std::nullopt : found.figures.at(0); }

}  // namespace

TEST_CASE("a cell near an earlier one answers as that one") {
  auto const history = of({{shown(from_to(1, 100), 100)}});
  CHECK(figure(look_back(from_to(1, 100), persons_key, "d", history, k)) == 100);
  CHECK(figure(look_back(from_to(1, 104), persons_key, "d", history, k)) == 100);
  CHECK(figure(look_back(from_to(3, 102), persons_key, "d", history, k)) == 100);
  CHECK_FALSE(look_back(from_to(1, 105), persons_key, "d", history, k).found());
  CHECK_FALSE(look_back(from_to(4, 102), persons_key, "d", history, k).found());
  CHECK_FALSE(look_back(from_to(1, 100), persons_key, "another", history, k).found());
}

TEST_CASE("among several neighbours the oldest answers") {
  auto const history = of({{shown(from_to(1, 100), 100)}, {shown(from_to(1, 102), 555)}});
  CHECK(figure(look_back(from_to(1, 102), persons_key, "d", history, k)) == 100);
}

TEST_CASE("a measure that was never taken is not answered from earlier") {
  auto const history = of({{shown(from_to(1, 100), 100)}});
  auto const found = look_back(from_to(1, 100), {"events", "persons"}, "d", history, k);
  REQUIRE(found.figures.size() == 2);
  CHECK_FALSE(found.figures[0]);
  CHECK(found.figures[1] == 100);
}

TEST_CASE("near a cell that was hidden for a neighbour's sake the answer is hidden, unless it was shown elsewhere") {
  CHECK(look_back(from_to(1, 50), persons_key, "d", of({{guarded(from_to(1, 51))}}), k).hide);
  auto const both = of({{guarded(from_to(1, 51))}, {shown(from_to(1, 50), 50)}});
  CHECK_FALSE(look_back(from_to(1, 50), persons_key, "d", both, k).hide);
  CHECK(figure(look_back(from_to(1, 50), persons_key, "d", both, k)) == 50);
}

TEST_CASE("a union of disjoint cells counts as a neighbour") {
  auto const history =
      of({{shown(from_to(1, 30), 30, true), shown(from_to(31, 60), 40, true), shown(from_to(61, 99), 50, true)}});
  CHECK(figure(look_back(from_to(1, 58), persons_key, "d", history, k)) == 70);
  CHECK(figure(look_back(from_to(33, 101), persons_key, "d", history, k)) == 90);
  CHECK_FALSE(look_back(from_to(1, 45), persons_key, "d", history, k).found());

  auto overlapping = history;
  overlapping.entries[0].disjoint = false;
  CHECK_FALSE(look_back(from_to(1, 58), persons_key, "d", overlapping, k).found());

  auto const with_hidden = of({{shown(from_to(1, 30), 30, true), guarded(from_to(31, 60))}});
  CHECK(look_back(from_to(1, 59), persons_key, "d", with_hidden, k).hide);
}

TEST_CASE("the difference of two earlier totals counts as a neighbour") {
  auto const history = of({{shown(from_to(1, 100), 100)}, {shown(from_to(1, 40), 45)}});
  CHECK(figure(look_back(from_to(41, 98), persons_key, "d", history, k)) == 55);
  CHECK_FALSE(look_back(from_to(41, 95), persons_key, "d", history, k).found());

  auto const lopsided = of({{shown(from_to(1, 100), 40)}, {shown(from_to(1, 40), 45)}});
  CHECK(figure(look_back(from_to(41, 100), persons_key, "d", lopsided, k)) == 0);
}
