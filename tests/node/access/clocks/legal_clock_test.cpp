#include "node/access/clocks/legal_clock.hpp"

#include <catch2/catch.hpp>

#include "node/access/dates.hpp"

using namespace ehds;
using namespace ehds::node::access;
using access_samples::at;

namespace {

std::string due_text(clock_reading const& reading) { return reading.due ? to_text(*reading.due) : "none"; }

std::string joined(clock_reading const& reading) {
  std::string text;
  for (auto const& line : reading.explanation) text += line + "\n";
  return text;
}

clock_reading read_legal_clock(char const* rule, std::vector<clock_event> const& events,
                               char const* now = "2026-01-01") {
  return read_clock(shipped_clock_rule(rule), events, holidays_of("FR"), at(now));
}

}  // namespace

TEST_CASE("A clock that nobody started has no due date") {
  auto const reading = read_legal_clock("permit_standard", {});

  CHECK(reading.state == clock_state::not_started);
  CHECK(due_text(reading) == "none");
  CHECK(joined(reading) == "rule: 3 months, extendable by 3 months (Regulation (EU) 2025/327 Art. 68(4))\n");
}

TEST_CASE("Each track has its own length") {
  auto const row =
      GENERATE(table<char const*, char const*, char const*>({{"permit_standard", "2026-11-24", "2027-02-24"},
                                                             {"permit_accelerated", "2026-11-24", "2027-01-25"},
                                                             {"permit_trusted_holder", "2026-11-24", "2027-03-24"},
                                                             {"request", "2026-11-30", "2027-03-01"},
                                                             {"completion", "2026-11-24", "2026-12-22"},
                                                             {"response", "2026-11-24", "2026-12-22"},
                                                             {"publication", "2026-11-24", "2027-01-07"}}));
  auto const reading =
      read_legal_clock(std::get<0>(row), {{clock_step::start, at(std::get<1>(row)), "it began"}}, "2026-11-25");

  CHECK(due_text(reading) == std::get<2>(row));
  CHECK(reading.state == clock_state::running);
}

TEST_CASE("A clock says which event moved its date and by which rule") {
  auto const reading = read_legal_clock("permit_standard",
                                        {{clock_step::start, at("2026-01-31"), "the application was complete"},
                                         {clock_step::pause, at("2026-02-10"), "information was asked for"},
                                         {clock_step::resume, at("2026-02-22"), "the information arrived"},
                                         {clock_step::extend, at("2026-04-01"), "the linkage is complex"}},
                                        "2026-04-02");

  CHECK(due_text(reading) == "2026-08-12");
  CHECK(joined(reading) ==
        "started on 2026-01-31 because the application was complete\n"
        "paused on 2026-02-10 because information was asked for\n"
        "resumed on 2026-02-22 because the information arrived; stood still 12 days\n"
        "extended by 3 months on 2026-04-01 because the linkage is complex\n"
        "rule: 3 months, extendable by 3 months (Regulation (EU) 2025/327 Art. 68(4))\n");
}

TEST_CASE("A paused clock has no due date and says so") {
  auto const reading = read_legal_clock("permit_standard",
                                        {{clock_step::start, at("2026-01-31"), "the application was complete"},
                                         {clock_step::pause, at("2026-02-10"), "information was asked for"}},
                                        "2027-01-01");

  CHECK(reading.state == clock_state::paused);
  CHECK(due_text(reading) == "none");
}

TEST_CASE("A clock is overdue on the day after the last day, and not before") {
  std::vector<clock_event> const events{{clock_step::start, at("2026-11-24"), "the decision was sent"}};

  CHECK(read_legal_clock("response", events, "2026-12-22T23:59:59.999Z").state == clock_state::running);
  CHECK(read_legal_clock("response", events, "2026-12-23").state == clock_state::overdue);
}

TEST_CASE("A second extension is refused in words and changes nothing") {
  auto const reading =
      read_legal_clock("permit_accelerated", {{clock_step::start, at("2026-01-05"), "the application was complete"},
                                              {clock_step::extend, at("2026-02-01"), "of holidays"},
                                              {clock_step::extend, at("2026-02-02"), "of more holidays"}});

  CHECK(due_text(reading) == "2026-04-07");  // 5 April is Easter Sunday, 6 April Easter Monday
  CHECK(joined(reading).find("not extended on 2026-02-02: the rule allows no more") != std::string::npos);
  CHECK(joined(reading).find("moved from 2026-04-05 to the next working day") != std::string::npos);
}

TEST_CASE("A stopped clock stays stopped, and a new start begins a new period") {
  std::vector<clock_event> events{{clock_step::start, at("2026-01-05"), "the application was complete"},
                                  {clock_step::stop, at("2026-02-02"), "it was decided"},
                                  {clock_step::extend, at("2026-02-03"), "somebody pressed again"}};
  CHECK(read_legal_clock("permit_standard", events, "2030-01-01").state == clock_state::stopped);

  events.push_back({clock_step::start, at("2026-06-01"), "the appeal was won"});
  CHECK(due_text(read_legal_clock("permit_standard", events)) == "2026-09-01");
}

TEST_CASE("A clock that may not pause does not") {
  auto const reading = read_legal_clock("response", {{clock_step::start, at("2026-11-24"), "the decision was sent"},
                                                     {clock_step::pause, at("2026-11-25"), "of nothing"}});

  CHECK(due_text(reading) == "2026-12-22");
}

TEST_CASE("An unknown clock rule is a mistake of the program") {
  CHECK_THROWS_AS(shipped_clock_rule("no_such_rule"), std::out_of_range);
  CHECK(read_clock_rules(R"([{"id":"x"}])").error().code == "access.clock.rules");
}
