#include "policies/released_table.hpp"

#include <catch2/catch.hpp>

#include "policies/example_query.hpp"
#include "policies/simulated_people.hpp"

using namespace ehds::policies;
using examples::replaced;
using simulated::asking;
using simulated::country;
using simulated::ill;
using simulated::person;

TEST_CASE("a released table carries its figures, its rules and its ground in law") {
  country asked(simulated::people(4000, 20));
  asked.policy.justification = "as the authority decided";
  asking question;
  question.denominator = true;
  auto const table = asked.answer(question, ill);

  CHECK(table.policy == policy_stamp{"made-up", 1, 11, 10, "as the authority decided"});
  CHECK(table.permit_id == "permit 1");
  CHECK(table.basis == legal_basis::request_approval);
  CHECK(table.dimensions.at(1).labels.size() == 5);
  CHECK(table.cells.size() == 18);
  CHECK(table.cells.front().labels == std::vector<std::string>{"female", "N"});
  CHECK(table.cells.back().labels == std::vector<std::string>{"*", "*"});
  CHECK(table.cells.back().denominator == 4000);
  CHECK(*table.cells.back().values.at(0) % 10 == 0);
}

TEST_CASE("a released table comes back from its JSON, hidden cells as one symbol") {
  country asked(simulated::people(400, 21));
  asking question;
  question.denominator = true;
  auto const table = asked.answer(question, ill);
  auto const text = to_json(table);

  CHECK(text.find("suppressed or zero") != std::string::npos);
  CHECK(text.find(":0,") == std::string::npos);
  CHECK(read_released_table(text).value() == table);
  CHECK(to_json(read_released_table(text).value()) == text);
}

TEST_CASE("a released table with a fault is refused") {
  country asked(simulated::people(4000, 22));
  auto const text = to_json(asked.answer({}, ill));
  auto const code = [](std::string const& t) {
    auto const read = read_released_table(t);
    return read ? std::string{} : read.error().code;
  };
  CHECK(code(text).empty());
  CHECK(code(replaced(text, "\"values\":[", "\"values\":[-1,")) == "released.value");
  CHECK(code(replaced(text, "\"values\":[", "\"values\":[\"secret\",")) == "released.value");
  CHECK(code(replaced(text, "\"values\":[", "\"values\":[1,")) == "released.shape");
  CHECK(code(replaced(text, "\"labels\":[\"female\"", "\"labels\":[1")) == "released.type");
  CHECK(code(replaced(text, "\"cells\"", "\"rows\"")) == "released.missing");
  CHECK(code(replaced(text, "\"released_table\":\"1\"", "\"released_table\":\"2\"")) == "released.value");
  CHECK(code("[") == "json.syntax");
}

TEST_CASE("measures are labelled with their unit") {
  CHECK(measure_label({}) == "persons");
  CHECK(measure_label({measured::events}) == "events");
  CHECK(measure_label({measured::sum, "days_supply"}) == "sum of days_supply");
}
