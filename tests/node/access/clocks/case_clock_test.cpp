// The clocks of whole cases: which rule runs when, what stands still, what is due, over a real desk.
#include "node/access/clocks/legal_clock.hpp"

#include "node/access/dates.hpp"
#include "node/access/desk_fixture.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node::access;
using namespace access_samples;
using verb = case_verb;

namespace {

clock_reading read(std::string const& rule, std::vector<clock_event> const& events, std::string const& now) {
  return read_clock(shipped_clock_rule(rule), events, holidays_of("FR"), at(now));
}

std::string due(clock_reading const& reading) { return reading.due ? to_text(*reading.due) : "none"; }

// "permit_standard running 2027-02-24; completion stopped 2026-12-22"
std::string clocks_of(desk_fixture const& house) {
  std::string text;
  for (auto const& reading : house.desk.find(house.case_id)->clocks)
    text += (text.empty() ? "" : "; ") + reading.rule + " " + std::string{in_words(reading.state)} + " " + due(reading);
  return text;
}

std::string due_of(desk_fixture const& house) {
  auto const day = house.desk.find(house.case_id)->line.due;
  return day ? to_text(*day) : "none";
}

void say(desk_fixture& house, application_document const& application, std::string const& message_id) {
  CHECK(house
            .take("additionalInformation",
                  R"({"application_id":")" + application.application_id + R"(","form":{"section9":{}}})", message_id)
            .empty());
}

}  // namespace

TEST_CASE("Three months end where the Regulation's rule of periods ends them") {
  auto const row = GENERATE(table<char const*, char const*, char const*>({
      {"permit_standard", "2026-11-30", "2027-03-01"},  // 28 February is a Sunday
      {"permit_standard", "2027-11-30", "2028-02-29"},  // a leap year, a Tuesday
      {"permit_standard", "2026-12-31", "2027-03-31"},
      {"permit_standard", "2026-08-14", "2026-11-16"},     // a Saturday
      {"permit_standard", "2026-08-11", "2026-11-12"},     // Armistice
      {"permit_standard", "2026-02-14", "2026-05-15"},     // 14 May 2026 is Ascension
      {"permit_accelerated", "2026-12-31", "2027-03-01"},  // 28 February again
      {"permit_accelerated", "2026-05-14", "2026-07-15"},  // the national day
      {"permit_trusted_holder", "2026-10-31", "2027-03-01"},
      {"request", "2026-01-01", "2026-04-01"},
      {"answer", "2026-10-01", "2027-01-04"},       // New Year, then a weekend
      {"completion", "2026-12-04", "2027-01-04"},   // four weeks on: New Year's Day
      {"information", "2026-12-11", "2026-12-28"},  // two weeks on: Christmas Day
      {"response", "2026-12-04", "2027-01-04"},
      {"publication", "2026-11-24", "2027-01-07"},
      {"publication", "2027-04-01", "2027-05-14"},  // Ascension is not counted
  }));
  CAPTURE(std::get<0>(row), std::get<1>(row));
  CHECK(due(read(std::get<0>(row), {{clock_step::start, at(std::get<1>(row)), "x"}}, std::get<1>(row))) ==
        std::get<2>(row));
}

TEST_CASE("The hour of the event does not matter, its day does") {
  for (auto const* hour : {"T00:00:00Z", "T12:00:00Z", "T23:59:59.999Z"}) {
    CAPTURE(hour);
    CHECK(due(read("permit_standard", {{clock_step::start, at("2026-11-24" + std::string{hour}), "x"}},
                   "2026-11-25")) == "2027-02-24");
  }
}

TEST_CASE("Two pauses add up, a pause within a day stands still for no day") {
  std::vector<clock_event> const events{{clock_step::start, at("2026-03-02"), "x"},
                                        {clock_step::pause, at("2026-03-10T08:00:00Z"), "x"},
                                        {clock_step::resume, at("2026-03-10T20:00:00Z"), "x"},
                                        {clock_step::pause, at("2026-03-31"), "x"},
                                        {clock_step::resume, at("2026-04-02"), "x"},
                                        {clock_step::pause, at("2026-05-05"), "x"},
                                        {clock_step::resume, at("2026-05-10"), "x"}};
  CHECK(due(read("permit_standard", events, "2026-05-11")) == "2026-06-09");
}

TEST_CASE("Steps that make no sense change nothing") {
  std::vector<clock_event> const sensible{{clock_step::start, at("2026-03-02"), "x"}};
  auto const extra = GENERATE(values<std::vector<clock_event>>({
      {{clock_step::resume, at("2026-03-03"), "never paused"}},
      {{clock_step::pause, at("2026-03-03"), "x"},
       {clock_step::pause, at("2026-03-04"), "twice"},
       {clock_step::resume, at("2026-03-03"), "x"}},
  }));
  auto events = sensible;
  events.insert(events.end(), extra.begin(), extra.end());

  CHECK(due(read("permit_standard", events, "2026-03-05")) == "2026-06-02");
  CHECK(due(read("permit_standard", {{clock_step::pause, at("2026-03-01"), "not started"}}, "2026-03-05")) == "none");
  CHECK(read("permit_standard", {{clock_step::stop, at("2026-03-01"), "not started"}}, "2026-03-05").state ==
        clock_state::not_started);
}

TEST_CASE("Every shipped rule has a source in the law, a length, and extensions only with a length of theirs") {
  for (auto const* id : {"permit_standard", "permit_accelerated", "permit_trusted_holder", "request", "answer",
                         "completion", "completion_request", "information", "response", "publication"}) {
    auto const& rule = shipped_clock_rule(id);
    CAPTURE(id);
    CHECK(rule.id == id);
    CHECK_FALSE(rule.label.empty());
    CHECK_FALSE(rule.length.empty());
    CHECK((rule.source.find("Art. ") != std::string::npos || rule.source.starts_with("TEHDAS2")));
    CHECK((rule.extensions > 0) == !rule.extension.empty());
  }
}

TEST_CASE("An access application starts its clock when it is complete, a data request when it arrives") {
  desk_fixture access;
  access.arrive(access_application({"FR"}), "m-1");
  access.walk({verb::start_pre_screening});
  CHECK(clocks_of(access).empty());
  access.days_pass(7);
  access.walk({verb::mark_complete});
  CHECK(clocks_of(access) == "permit_standard running 2027-03-01");

  desk_fixture request;
  request.arrive(request_application({"FR"}), "m-1");
  CHECK(clocks_of(request) == "request running 2027-02-24");
  request.walk({verb::start_pre_screening, verb::mark_complete});
  CHECK(clocks_of(request) == "request running 2027-02-24");
}

TEST_CASE("While the applicant is asked the authority's clock stands and the applicant's runs") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  house.days_pass(10);
  house.walk({verb::ask_information});
  CHECK(clocks_of(house) == "permit_standard paused none; information running 2026-12-18");
  CHECK(due_of(house) == "2026-12-18");

  house.days_pass(5);
  say(house, application, "m-2");
  CHECK(clocks_of(house) == "permit_standard running 2027-03-01; information stopped 2026-12-18");
  CHECK(due_of(house) == "2027-03-01");
}

TEST_CASE("Asked before it was complete, the applicant has four weeks, and each time again") {
  desk_fixture house;
  auto const application = access_application({"FR"});
  house.arrive(application, "m-1");
  house.walk({verb::start_pre_screening, verb::ask_information});
  CHECK(clocks_of(house) == "completion running 2026-12-22");
  house.days_pass(6);
  say(house, application, "m-2");
  CHECK(due_of(house) == "none");
  house.walk({verb::ask_information});
  CHECK(clocks_of(house) == "completion running 2026-12-28");
}

TEST_CASE("A change of track counts from the same day under the other rule") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete});
  CHECK(due_of(house) == "2027-02-24");
  house.days_pass(3);
  house.walk({verb::set_track});

  CHECK(clocks_of(house) == "permit_accelerated running 2027-01-25");  // 24 January is a Sunday
  CHECK(due_of(house) == "2027-01-25");
}

TEST_CASE("The decision stops the authority's clock and starts the applicant's twenty-eight days") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide});

  auto const clocks = clocks_of(house);
  CHECK(clocks.starts_with("permit_standard stopped"));
  CHECK(clocks.find("response running 2026-12-22") != std::string::npos);
  CHECK(clocks.find("publication stopped") != std::string::npos);
  house.walk({verb::accept});
  CHECK(due_of(house) == "none");
}

TEST_CASE("An approved request has three months for its answer, which the answer stops") {
  desk_fixture house;
  house.arrive(request_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::propose_decision, verb::decide, verb::accept});
  CHECK(due_of(house) == "2027-02-24");
  house.walk({verb::record_answer});

  CHECK(due_of(house) == "none");
  CHECK(house.desk.find(house.case_id)->line.sub_state == "answered");
}

TEST_CASE("An appeal that was won starts the period anew, with its extension") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::extend});
  REQUIRE(house.act(verb::propose_decision, "assessor", refusing()));
  house.walk({verb::decide, verb::appeal, verb::approve_appeal});
  CHECK(due_of(house) == "none");
  house.days_pass(30);
  house.walk({verb::reopen});

  CHECK(due_of(house) == "2027-03-24");
  house.walk({verb::extend});
  CHECK(due_of(house) == "2027-06-24");
}

TEST_CASE("Every clock of a case ends its explanation with its rule and source") {
  desk_fixture house;
  house.arrive(access_application({"FR"}), "m-1");
  house.walk({verb::start_pre_screening, verb::mark_complete, verb::ask_information});
  for (auto const& reading : house.desk.find(house.case_id)->clocks) {
    REQUIRE_FALSE(reading.explanation.empty());
    CHECK(reading.explanation.back().starts_with("rule: "));
    CHECK(reading.explanation.back().find(shipped_clock_rule(reading.rule).source) != std::string::npos);
    CHECK(reading.explanation.front().starts_with("started on 2026-11-24 because "));
  }
}
