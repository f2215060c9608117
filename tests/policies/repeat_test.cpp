// The same question again: the table that was released, whatever was asked in between.
#include "policies/disclosure/repeat.hpp"

#include <catch2/catch.hpp>

#include "policies/example_query.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using simulated::asking;
using simulated::country;
using simulated::ill;
using simulated::person;

namespace {

char const* const persons_and_events = R"([{"measure":"persons"},{"measure":"events"}])";

// Questions that differ from the first by few persons, cut in other ways: what the comparison with history is for.
void ask_around(country& asked) {
  int note = 10;
  for (char const* const by : {"[]", R"([{"dimension":"sex"}])", R"([{"dimension":"region"}])",
                               R"([{"dimension":"sex"},{"dimension":"region"}])"}) {
    for (int without = 1; without <= 4; ++without) {
      asking other{"p", by, persons_and_events, false, std::to_string(++note)};
      int seen = 0;
      asked.answer(other, [&](person const& p) { return p.ill && ++seen > without; });
    }
  }
}

}  // namespace

TEST_CASE("the same question over the same data gives the same cells, whatever was asked in between") {
  country asked(simulated::people(700, 41));
  asking question;
  question.measures = persons_and_events;
  question.denominator = true;
  auto const first = asked.answer(question, ill);
  ask_around(asked);
  CHECK(asked.answer(question, ill) == first);
  CHECK(asked.answer(question, ill) == first);
}

TEST_CASE("a table first asked after others is repeated as it was then, not as it would have been without them") {
  country asked(simulated::people(700, 42));
  ask_around(asked);
  asking question;
  question.measures = persons_and_events;
  auto const first = asked.answer(question, ill);
  ask_around(asked);
  CHECK(asked.answer(question, ill).cells == first.cells);
}

TEST_CASE("for the officer a repeated table has the true figures of today beside the earlier ones") {
  country asked(simulated::people(900, 31));
  auto const before = asked.ask({}, ill);
  asked.answer({}, ill);
  auto const again = asked.ask({}, ill);
  auto const& rows = again.proposal->desk.rows();
  auto const& old = before.proposal->desk.rows();
  REQUIRE(rows.size() == old.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].persons == old[i].persons);
    CHECK(rows[i].true_values == old[i].true_values);
    CHECK(rows[i].released_values == old[i].released_values);
    CHECK(rows[i].why == old[i].why);
    CHECK(rows[i].from_earlier_answer == rows[i].released_values[0].has_value());
  }
}

TEST_CASE("one person more, or one event more, is another table: compared with history, never recomputed freely") {
  auto everybody = simulated::people(3000, 43);
  country asked(everybody);
  asking question;
  question.measures = persons_and_events;
  auto const first = asked.answer(question, ill);
  auto const made_of = asked.history.entries.at(0).made_of;

  int seen = 0;
  auto const one_less = [&](person const& p) { return p.ill && ++seen > 1; };
  auto const refreshed = asked.answer(question, one_less);
  CHECK(asked.history.entries.at(1).made_of != made_of);
  CHECK(refreshed.cells.back().values == first.cells.back().values);  // an echo of the older figure

  for (auto& p : everybody)
    if (p.ill) ++p.events;
  country busier(everybody);
  busier.answer(question, ill);
  CHECK(busier.history.entries.at(0).made_of != made_of);
  CHECK(busier.history.entries.at(0).cells.at(0).persons == asked.history.entries.at(0).cells.at(0).persons);
}

TEST_CASE("under other rules nothing is repeated: the table obeys the rules of today") {
  country asked(simulated::people(3000, 44));
  asked.policy.rounding = 1;
  asked.answer({}, ill);
  asked.policy.threshold = 60;
  asked.policy.smallest_population = 60;
  auto const table = asked.answer({}, ill);
  auto const& entries = asked.history.entries;
  CHECK(entries.at(0).made_of != entries.at(1).made_of);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (entries.at(1).cells[i].persons.size() < 60) CHECK_FALSE(table.cells[i].values[0]);
  }
}

TEST_CASE("a record of before, without digest, still counts in the comparison and repeats nothing") {
  country asked(simulated::people(900, 45));
  auto const first = asked.answer({}, ill);
  auto& entry = asked.history.entries.at(0);
  entry.made_of.clear();
  auto record = to_record(entry);
  record = examples::replaced(record, "\"made_of\":\"\",", "");
  for (std::string::size_type at = 0; (at = record.find("\"denominator\":null,")) != std::string::npos;)
    record.erase(at, 19);
  auto const read = read_history_record(record);
  REQUIRE(read);
  CHECK(read->made_of.empty());
  CHECK(disclosure::released_before(asked.history, "d", "") == nullptr);
  auto const later = asked.answer({}, ill);
  for (std::size_t i = 0; i < later.cells.size(); ++i) {
    auto const& value = later.cells[i].values[0];
    if (value && first.cells[i].values[0]) CHECK(value == first.cells[i].values[0]);
  }
}
