#include "policies/disclosure/disclose.hpp"

#include <catch2/catch.hpp>

#include "policies/disclosure/answer.hpp"
#include "policies/disclosure/audit.hpp"
#include "policies/disclosure/raw_cells.hpp"
#include "policies/example_query.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using simulated::asking;
using simulated::country;
using simulated::ill;
using simulated::person;

TEST_CASE("person sets count what they share") {
  person_set const a({3, 1, 2, 2});
  person_set b({2, 4});
  CHECK(a.size() == 3);
  CHECK(common_persons(a, b) == 1);
  CHECK(different_persons(a, b) == 3);
  b.join(a);
  CHECK(b == person_set({1, 2, 3, 4}));
}

TEST_CASE("person tokens depend on the secret and the person alone") {
  person_tokens const tokens("0123456789abcdef");
  CHECK(tokens.of("1") == tokens.of("1"));
  CHECK(tokens.of("1") != tokens.of("2"));
  CHECK(tokens.of("1") != person_tokens("fedcba9876543210").of("1"));
  CHECK_THROWS_AS(person_tokens("short"), std::invalid_argument);
}

TEST_CASE("the same data give the same answer") {
  country one(simulated::people(3000, 30));
  country two(simulated::people(3000, 30));
  CHECK(to_json(one.answer({}, ill)) == to_json(two.answer({}, ill)));
}

TEST_CASE("the officer sees true and shown figures side by side, and why") {
  country asked(simulated::people(900, 31));
  auto const proposal = asked.ask({}, ill);
  auto const& rows = proposal.proposal->desk.rows();

  REQUIRE(rows.size() == 18);
  std::int64_t sum = 0;
  bool few = false;
  for (std::size_t i = 0; i < 10; ++i) {
    sum += rows[i].persons;
    few = few || rows[i].why == hidden_because::few_persons;
    CHECK((rows[i].why == hidden_because::shown) == rows[i].released_values[0].has_value());
  }
  CHECK(rows.back().persons == sum);
  CHECK(rows.back().true_values.at(0) == sum);
  CHECK(few);
}

TEST_CASE("an answer that follows an earlier one says so at the desk") {
  country asked(simulated::people(4000, 32));
  asked.answer({"p", "[]"}, ill);
  asking again{"p", "[]"};
  again.note = "2";
  bool left_out = false;
  auto const nearly = asked.ask(again, [&](person const& p) { return p.ill && std::exchange(left_out, true); });
  CHECK(nearly.proposal->desk.rows().back().from_earlier_answer);
}

TEST_CASE("figures, policy and query must belong together") {
  country asked(simulated::people(500, 33));
  asking narrow;
  narrow.by = R"([{"dimension":"age_band","at":"2024-12-31","breaks":[0,40,41]}])";
  CHECK(asked.ask(narrow, ill).proposal.error().code == "disclosure.age_band");

  auto const first = asked.ask({}, ill);
  asked.policy.id = "another";
  CHECK(first.cleared.disclosure_policy() == "made-up");
}

TEST_CASE("events and sums are shown rounded where enough persons stand behind them") {
  country asked(simulated::people(4000, 34));
  asking question;
  question.by = R"([{"dimension":"sex"}])";
  question.measures =
      R"([{"measure":"persons"},{"measure":"events","cap_per_person":5},{"measure":"sum","of":"amount","clip":[0,1000]}])";
  auto const table = asked.answer(question, ill);

  for (auto const& cell : table.cells) {
    for (auto const& value : cell.values) CHECK(value.value_or(1) % 10 == 0);
    CHECK(*cell.values[1] > *cell.values[0]);
    CHECK(*cell.values[2] > *cell.values[1]);
  }
  CHECK(table.measures == std::vector<std::string>{"persons", "events", "sum of amount"});
}

TEST_CASE("age bands, sex and region together stay safe against the linear programme") {
  for (std::uint64_t seed = 40; seed < 46; ++seed) {
    country asked(simulated::people(1500, seed));
    asking question;
    question.by = R"([{"dimension":"sex"},{"dimension":"age_band","at":"2024-12-31","breaks":[0,30,60,80]},)"
                  R"({"dimension":"region"}])";
    question.denominator = seed % 2 == 0;
    auto const proposal = asked.ask(question, ill);
    auto const& rows = proposal.proposal->desk.rows();

    // What a reader has: the released cells; small ones must stay possible from 0 to the threshold.
    table_layout const layout = lay_out(proposal.cleared.query(), simulated::declared()).value();
    disclosure::grid const shape(layout);
    disclosure::protected_figure figure{std::vector<std::int64_t>(shape.size()),
                                        std::vector<disclosure::interval>(shape.size()),
                                        std::vector<disclosure::interval>(shape.size(), {0, 11})};
    disclosure::hiding state{std::vector<bool>(shape.size()), std::vector<bool>(shape.size()), {}};
    auto const order = shape.in_order();
    std::size_t shown = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto const cell = order[i];
      auto const& value = rows[i].released_values[0];
      figure.value[cell] = rows[i].persons;
      if (value) figure.shown[cell] = {std::max<std::int64_t>(11, *value - 5), *value + 4};
      state.hidden[cell] = !value;
      state.sensitive[cell] = rows[i].persons < 11;
      shown += value ? 1U : 0U;
    }
    INFO("seed " << seed << ", shown " << shown << " of " << shape.size());
    CHECK(disclosure::betrayed_cells(shape, figure, state).empty());
    CHECK(shown > 10);
  }
}

TEST_CASE("what was released is remembered in a record that comes back") {
  country asked(simulated::people(800, 50));
  asked.answer({}, ill);
  auto const& entry = asked.history.entries.at(0);
  auto const record = to_record(entry);
  CHECK(read_history_record(record).value() == entry);
  CHECK_FALSE(read_history_record(record.substr(0, record.size() / 2)));
  CHECK_FALSE(read_history_record(examples::replaced(record, "\"persons\":\"", "\"persons\":\"AAAA")));
  CHECK_FALSE(read_history_record(examples::replaced(record, "\"persons\":\"", "\"persons\":\"?")));
}

TEST_CASE("the history of another dataset is passed over") {
  country asked(simulated::people(800, 51));
  auto const first = asked.answer({"p", "[]"}, ill);
  asked.history.entries.at(0).dataset = "another";
  asked.history.entries.at(0).cells.back().values = {12345};
  asking again{"p", "[]"};
  again.note = "2";
  CHECK(asked.answer(again, ill).cells == first.cells);
}
