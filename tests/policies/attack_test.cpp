// Plays the researcher who has the public door alone: asks, subtracts, asks again.
#include <catch2/catch.hpp>

#include "policies/aggregate_query.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using simulated::asking;
using simulated::country;
using simulated::ill;
using simulated::person;

namespace {

auto const anyone = [](person const&) { return true; };

asking grand_total(std::string note = "1") { return {"p", "[]", R"([{"measure":"persons"}])", false, std::move(note)}; }

released_number total_of(released_table const& table) { return table.cells.back().values.at(0); }

bool all_hidden(released_table const& table) {
  for (auto const& cell : table.cells) {
    for (auto const& value : cell.values) {
      if (value) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("five differencing queries learn nothing about their target") {
  // The same five questions, put to two countries that differ only in whether the target is ill.
  std::vector<std::vector<released_table>> answers;
  for (bool const target_is_ill : {true, false}) {
    auto everybody = simulated::people(4000, 1);
    everybody[17].ill = target_is_ill;
    country asked(everybody);
    auto const is_target = [](person const& p) { return p.key == "person 17"; };
    auto const ill_but_target = [&](person const& p) { return p.ill && !is_target(p); };
    auto const ill_men = [&](person const& p) { return p.ill && p.male; };
    auto const ill_women_and_target = [&](person const& p) { return p.ill && (!p.male || is_target(p)); };
    auto const ill_men_but_target = [&](person const& p) { return p.ill && p.male && !is_target(p); };
    answers.push_back({asked.answer(grand_total("1"), ill_but_target), asked.answer(grand_total("2"), ill),
                       asked.answer(grand_total("3"), ill_men_but_target), asked.answer(grand_total("4"), ill_men),
                       asked.answer(grand_total("5"), ill_women_and_target)});
  }

  for (std::size_t i = 0; i < 5; ++i) CHECK(total_of(answers[0][i]) == total_of(answers[1][i]));
  CHECK(total_of(answers[0][0]) == total_of(answers[0][1]));
  CHECK(total_of(answers[0][2]) == total_of(answers[0][3]));
  CHECK(total_of(answers[0][0]).value_or(0) > 100);
}

TEST_CASE("a group of four persons is shown as suppressed or zero, like a group of none") {
  country asked(simulated::people(4000, 2));
  int chosen = 0;
  auto const four = asked.answer({}, [&](person const&) { return chosen++ < 4; });
  auto const none =
      asked.answer({"p", R"([{"dimension":"sex"},{"dimension":"region"}])", R"([{"measure":"persons"}])", false, "2"},
                   [](person const&) { return false; });

  CHECK(all_hidden(four));
  CHECK(all_hidden(none));
  CHECK(to_json(four).size() == to_json(none).size());
  CHECK(four.cells == none.cells);
}

TEST_CASE("a complement of few persons is hidden too") {
  country asked(simulated::people(4000, 3));
  int chosen = 0;
  CHECK(all_hidden(asked.answer({}, [&](person const&) { return chosen++ >= 4; })));
  CHECK(total_of(asked.answer(grand_total(), anyone)) == 4000);
}

TEST_CASE("a tracker that pads the target with a large group learns nothing") {
  // Denning: T = not (C and D); count(C) = count(all) - count(T), for a C and D of one person.
  std::vector<std::vector<released_number>> answers;
  for (bool const target_is_ill : {true, false}) {
    auto everybody = simulated::people(4000, 4);
    everybody[5].ill = target_is_ill;
    country asked(everybody);
    auto const padded = [](person const& p) { return p.male || (p.key == "person 5" && p.ill); };
    auto const padding = [](person const& p) { return p.male; };
    everybody[5].male = false;
    country other(everybody);
    answers.push_back(
        {total_of(other.answer(grand_total("1"), padding)), total_of(other.answer(grand_total("2"), padded))});
  }
  CHECK(answers[0] == answers[1]);
  CHECK(answers[0][0] == answers[0][1]);
}

TEST_CASE("the order of padding and padded does not matter") {
  country asked(simulated::people(4000, 4));
  auto const padded = asked.answer(grand_total("1"), [](person const& p) { return p.male || p.key == "person 1"; });
  auto const padding = asked.answer(grand_total("2"), [](person const& p) { return p.male && p.key != "person 3"; });
  CHECK(total_of(padded) == total_of(padding));
}

TEST_CASE("subtracting a row from its total gives no small cell") {
  auto everybody = simulated::people(4000, 5);
  for (auto& p : everybody) {
    if (p.region == 2 && p.male) p.ill = false;
  }
  for (std::size_t i = 0, made = 0; made < 3; ++i) {
    if (everybody[i].region == 2 && everybody[i].male) everybody[i].ill = (++made, true);
  }
  country asked(everybody);
  asked.policy.rounding = 1;
  auto const table = asked.answer({}, ill);

  CHECK_FALSE(find_cell(table, {"male", "S"})->values[0]);
  std::size_t hidden_in_row = 0;
  std::size_t hidden_in_column = 0;
  for (auto const& cell : table.cells) {
    if (cell.values[0]) continue;
    if (cell.labels[0] == "male") ++hidden_in_row;
    if (cell.labels[1] == "S") ++hidden_in_column;
  }
  CHECK(hidden_in_row >= 2);
  CHECK(hidden_in_column >= 2);
}

TEST_CASE("what one answer hid to protect a neighbour, another does not show") {
  auto everybody = simulated::people(4000, 6);
  auto const two_regions = [](person const& p) { return p.ill && p.region < 2 && (p.region == 0 || p.age == 40); };
  country asked(everybody);
  asked.policy.rounding = 1;
  auto const table =
      asked.answer({"p", R"([{"dimension":"region"}])", R"([{"measure":"persons"}])", false, "1"}, two_regions);
  auto const* const north = find_cell(table, {"N"});
  auto const* const east = find_cell(table, {"E"});
  REQUIRE_FALSE(east->values[0]);

  auto const only_north = asked.answer(grand_total("2"), [&](person const& p) { return p.ill && p.region == 0; });

  // Whatever is shown, the small group is not the difference.
  REQUIRE_FALSE(north->values[0]);
  CHECK(total_of(table));
  CHECK((!total_of(only_north) || total_of(only_north) == total_of(table)));
}

TEST_CASE("a hundred repeats, worded differently, give one answer") {
  country asked(simulated::people(2000, 7));
  auto const first = asked.answer({}, ill);
  for (int i = 0; i < 20; ++i) {
    asking again;
    again.note = "wording " + std::to_string(i);
    CHECK(asked.answer(again, ill).cells == first.cells);
  }
}

TEST_CASE("a union of cells of an earlier table plus or minus one person answers as the union") {
  country asked(simulated::people(4000, 8));
  auto const by_region =
      asked.answer({"p", R"([{"dimension":"region"}])", R"([{"measure":"persons"}])", false, "1"}, ill);
  auto const expected = *find_cell(by_region, {"N"})->values[0] + *find_cell(by_region, {"S"})->values[0];
  bool left_out = false;
  auto const nearly = [&](person const& p) {
    if (!p.ill || (p.region != 0 && p.region != 2)) return false;
    return std::exchange(left_out, true);
  };
  CHECK(total_of(asked.answer(grand_total("2"), nearly)) == expected);
}

TEST_CASE("the rest of two earlier totals, minus one person, answers as their difference") {
  country asked(simulated::people(4000, 9));
  auto const everybody = total_of(asked.answer(grand_total("1"), ill));
  auto const older = total_of(asked.answer(grand_total("2"), [](person const& p) { return p.ill && p.age >= 50; }));
  bool left_out = false;
  auto const nearly_younger = [&](person const& p) { return p.ill && p.age < 50 && std::exchange(left_out, true); };
  CHECK(total_of(asked.answer(grand_total("3"), nearly_younger)) == *everybody - *older);
}

TEST_CASE("all or nearly all of a group is hidden when the group's size is shown") {
  auto everybody = simulated::people(4000, 10);
  for (auto& p : everybody) p.ill = p.ill || (p.male && p.region == 1);
  country asked(everybody);
  asking with_denominator;
  with_denominator.denominator = true;
  auto const table = asked.answer(with_denominator, ill);

  CHECK_FALSE(find_cell(table, {"male", "E"})->values[0]);
  CHECK(find_cell(table, {"male", "E"})->denominator.value_or(0) > 100);
  CHECK(find_cell(table, {"female", "N"})->values[0]);
}

TEST_CASE("a heavy contributor hides the sum") {
  auto everybody = simulated::people(4000, 11);
  std::size_t heavy = 0;
  while (!everybody[heavy].ill) ++heavy;
  everybody[heavy].amount = 1'000'000'000;
  country asked(everybody);
  auto const table = asked.answer({"p", R"([{"dimension":"sex"}])",
                                   R"([{"measure":"persons"},{"measure":"sum","of":"amount","clip":[0,1000000000]}])"},
                                  ill);
  auto const sex = everybody[heavy].male ? "male" : "female";
  CHECK_FALSE(find_cell(table, {sex})->values[1]);
  CHECK_FALSE(table.cells.back().values[1]);
}

TEST_CASE("the price of a question depends on its layout, never on the data") {
  country asked(simulated::people(1000, 12));
  auto const many = asked.ask({}, anyone);
  auto const none = asked.ask({}, [](person const&) { return false; });
  CHECK(many.proposal->owed.cells == 18);
  CHECK(none.proposal->owed.cells == 18);

  asked.policy.cells_per_permit = 17;
  CHECK(asked.ask({}, anyone).proposal.error().code == "disclosure.budget");
  CHECK(asked.ask({}, [](person const&) { return false; }).proposal.error().code == "disclosure.budget");
}

TEST_CASE("asking the same again costs nothing") {
  country asked(simulated::people(1000, 12));
  asked.answer({}, ill);
  asked.answer({}, ill);
  CHECK(asked.spent == 18);
}
