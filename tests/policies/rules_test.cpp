// One rule of disclosure a case.
#include <catch2/catch.hpp>

#include "policies/disclosure/disclose.hpp"
#include "policies/disclosure/rounding.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using simulated::asking;
using simulated::country;
using simulated::ill;
using simulated::person;

namespace {

asking by(std::string dimensions, std::string measures = R"([{"measure":"persons"}])") {
  asking question;
  question.by = std::move(dimensions);
  question.measures = std::move(measures);
  return question;
}

std::string const years = R"([{"dimension":"year","from":2020,"to":2022},{"dimension":"sex"}])";

}  // namespace

TEST_CASE("what a rounded figure tells is the interval of its neighbours") {
  for (std::int64_t const base : {1, 2, 5, 10}) {
    for (std::int64_t n = 0; n < 60; ++n) {
      auto const figure = disclosure::rounded(n, base);
      auto const known = disclosure::behind(figure, base);
      CHECK(figure % base == 0);
      CHECK(known.low <= n);
      CHECK(n <= known.high);
      CHECK(known.high - known.low < base);
      for (auto other = known.low; other <= known.high; ++other) CHECK(disclosure::rounded(other, base) == figure);
    }
  }
}

TEST_CASE("a threshold of k hides k - 1 persons and shows k") {
  country asked(simulated::people(2000, 60));
  asked.policy.threshold = asked.policy.smallest_population = 5;
  asked.policy.rounding = 1;
  for (int const size : {4, 5}) {
    int chosen = 0;
    auto question = by("[]");
    question.note = std::to_string(size);
    auto const start = size * 100;
    int seen = 0;
    auto const table = asked.answer(question, [&](person const&) { return seen++ >= start && chosen++ < size; });
    CHECK(table.cells.back().values[0] == (size == 5 ? released_number{5} : released_number{}));
  }
}

TEST_CASE("a policy may want a larger population") {
  country asked(simulated::people(2000, 61));
  asked.policy.smallest_population = 10'000;
  auto const table = asked.answer(by("[]"), ill);
  CHECK_FALSE(table.cells.back().values[0]);
}

TEST_CASE("rows are counted by year, persons of several years once in the total") {
  country asked(simulated::people(4000, 62));
  auto question = by(years, R"([{"measure":"persons"},{"measure":"events"}])");
  question.unit = "event";
  auto const proposal = asked.ask(question, ill);
  auto const& rows = proposal.proposal->desk.rows();

  REQUIRE(rows.size() == 12);
  std::int64_t persons = 0;
  std::int64_t events = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    persons += rows[i].true_values[0];
    events += rows[i].true_values[1];
  }
  CHECK(rows.back().true_values[0] < persons);
  CHECK(rows.back().true_values[1] == events);
  CHECK(proposal.proposal->table.unit == counted::event);
  CHECK_FALSE(proposal.proposal->owed.entry.disjoint);
}

TEST_CASE("denominators do not depend on years") {
  country asked(simulated::people(4000, 63));
  auto question = by(years);
  question.denominator = true;
  auto const table = asked.answer(question, ill);

  auto const women = find_cell(table, {"2020", "female"})->denominator;
  REQUIRE(women);
  CHECK(find_cell(table, {"2021", "female"})->denominator == women);
  CHECK(find_cell(table, {"*", "female"})->denominator == women);
  CHECK(find_cell(table, {"*", "*"})->denominator == 4000);
}

TEST_CASE("a small group of the dataset has no denominator, nor can it be subtracted") {
  auto everybody = simulated::people(4000, 64);
  int kept = 0;
  for (auto& p : everybody) {
    if (p.region == 3 && kept++ >= 4) p.region = 2;
  }
  country asked(everybody);
  asked.policy.rounding = 1;
  auto question = by(R"([{"dimension":"region"}])");
  question.denominator = true;
  auto const table = asked.answer(question, ill);

  std::size_t hidden = 0;
  for (auto const& cell : table.cells) hidden += cell.denominator ? 0U : 1U;
  CHECK_FALSE(find_cell(table, {"W"})->denominator);
  CHECK(hidden >= 2);
}

TEST_CASE("a measure that few persons add to hides its cell") {
  auto everybody = simulated::people(4000, 65);
  int paid = 0;
  for (auto& p : everybody) {
    if (p.ill && p.male && paid++ >= 3) p.amount = 0;
  }
  country asked(everybody);
  auto const table = asked.answer(
      by(R"([{"dimension":"sex"}])", R"([{"measure":"persons"},{"measure":"sum","of":"amount","clip":[0,1000]}])"),
      ill);
  CHECK_FALSE(find_cell(table, {"male"})->values[1]);
}

TEST_CASE("without complementary suppression only the small cells go") {
  country asked(simulated::people(1200, 66));
  asked.policy.complementary = false;
  auto const proposal = asked.ask({}, ill);
  for (auto const& row : proposal.proposal->desk.rows())
    CHECK(row.released_values[0].has_value() == (row.persons >= 11));
}

TEST_CASE("figures are disclosed under the query and the policy they were cleared for") {
  country asked(simulated::people(1200, 67));
  auto const one = asked.ask({}, ill);
  asking other;
  other.note = "2";
  auto const two = asked.ask(other, ill);
  CHECK(one.cleared.hash() != two.cleared.hash());

  disclosure_policy foreign;
  foreign.id = "foreign";
  CHECK(asked.disclose_again(one, two, asked.policy).error().code == "disclosure.other_query");
  CHECK(asked.disclose_again(one, one, foreign).error().code == "disclosure.other_policy");
  CHECK(asked.disclose_again(one, one, asked.policy).value().table == one.proposal->table);
}
