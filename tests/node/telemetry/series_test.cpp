// Logs, metrics and health at their edges: odd letters, odd numbers, many threads.
#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <thread>

#include "node/telemetry/health.hpp"
#include "node/telemetry/log.hpp"
#include "node/telemetry/metrics.hpp"

using namespace ehds;
using namespace ehds::node::telemetry;
namespace telemetry = ehds::node::telemetry;

namespace {

struct written_log {
  manual_clock now{parse_rfc3339("2026-11-22T12:00:00Z").value()};
  std::vector<std::string> lines;
  telemetry::log log{now, level::debug, [this](std::string_view line) { lines.emplace_back(line); }};

  nlohmann::ordered_json last() const { return nlohmann::ordered_json::parse(lines.back()); }
};

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("whatever bytes a field holds, the event is one line that a JSON reader takes") {
  written_log seen;
  for (int first = 0; first < 256; ++first) {
    std::string const text{static_cast<char>(first), '"', '\\', static_cast<char>(255 - first)};
    seen.log.write(level::info, text, {{"value", text}, {"seq", first}});
    auto const& line = seen.lines.back();
    CAPTURE(first);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(seen.last()["seq"] == first);
  }
}

TEST_CASE("numbers of every kind are written as numbers, and what is no number as null") {
  written_log seen;
  seen.log.write(level::info, "n",
                 {{"least", std::numeric_limits<std::int64_t>::min()},
                  {"most", std::numeric_limits<std::int64_t>::max()},
                  {"unsigned", 7U},
                  {"size", std::size_t{9}},
                  {"half", 0.5},
                  {"nan", std::numeric_limits<double>::quiet_NaN()},
                  {"true", true}});

  CHECK(seen.last()["least"] == std::numeric_limits<std::int64_t>::min());
  CHECK(seen.last()["most"] == std::numeric_limits<std::int64_t>::max());
  CHECK(seen.last()["unsigned"] == 7);
  CHECK(seen.last()["size"] == 9);
  CHECK(seen.last()["half"] == 0.5);
  CHECK(seen.last()["nan"].is_null());
  CHECK(seen.last()["true"] == true);
}

TEST_CASE("a problem is written with all its parts") {
  written_log seen;
  seen.log.write(level::error, "startup.refused", problem{"a.b", "It broke.", "/x", "Mend it."});

  CHECK(seen.last().dump() ==
        R"({"time":"2026-11-22T12:00:00.000Z","level":"error","event":"startup.refused","code":"a.b",)"
        R"("detail":"It broke.","where":"/x","mend":"Mend it."})");
}

TEST_CASE("a level is written exactly when it is at least the least one") {
  for (auto const least : {level::debug, level::info, level::warning, level::error})
    for (auto const of : {level::debug, level::info, level::warning, level::error}) {
      written_log seen;
      seen.log.set_least(least);
      seen.log.write(of, "x");
      CHECK(seen.lines.size() == (of >= least ? 1U : 0U));
      CHECK(seen.log.wants(of) == (of >= least));
    }
}

TEST_CASE("lines of many threads never mix") {
  written_log seen;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int n = 0; n < 100; ++n) seen.log.write(level::info, "x", {{"thread", thread}, {"n", n}});
    });
  for (auto& one : threads) one.join();

  CHECK(seen.lines.size() == 400);
  for (auto const& line : seen.lines) CHECK(nlohmann::json::accept(line));
}

TEST_CASE("the text of metrics keeps to its grammar, whatever labels and helps hold") {
  metrics_registry metrics;
  metrics.make_counter("a_total", "Help with \\ and\nline.", {{"peer", "a\\b\"c\nd"}, {"code", ""}}).add(3);
  metrics.make_gauge("b", "B.").set(-0.25);
  metrics.make_histogram("c_seconds", "C.").observe(0.02);
  metrics.watch("d", "D.", [] { return 1e9; });
  std::regex const sample(
      R"re([a-z_]+(\{[a-z_]+="([^"\\]|\\[\\"n])*"(,[a-z_]+="([^"\\]|\\[\\"n])*")*\})? [-+.0-9eE]+(inf|nan)?)re");
  std::regex const comment(R"(# (HELP [a-z_]+ [^\n]*|TYPE [a-z_]+ (counter|gauge|histogram)))");

  for (auto const& line : lines_of(metrics.text())) {
    CAPTURE(line);
    CHECK((std::regex_match(line, comment) || std::regex_match(line, sample)));
  }
  CHECK(metrics.text().find(R"(a_total{peer="a\\b\"c\nd",code=""} 3)") != std::string::npos);
  CHECK(metrics.text().find(R"(# HELP a_total Help with \\ and\nline.)") != std::string::npos);
}

TEST_CASE("every name has its help and its kind once, before its series") {
  metrics_registry metrics;
  for (int n = 0; n < 5; ++n) metrics.make_counter("a_total", "A.", {{"n", std::to_string(n)}}).add();
  metrics.make_counter("a_total", "Another help.", {{"n", "9"}});
  auto const lines = lines_of(metrics.text());

  REQUIRE(lines.size() == 8);
  CHECK(lines[0] == "# HELP a_total A.");
  CHECK(lines[1] == "# TYPE a_total counter");
  for (std::size_t at = 2; at < lines.size(); ++at) CHECK(lines[at].starts_with("a_total{"));
}

TEST_CASE("a bucket takes what is at most its bound, and buckets never fall") {
  histogram spread({1, 2, 5});
  for (double const value : {-1.0, 0.0, 1.0, 1.0001, 2.0, 5.0, 5.0001, 1e300}) spread.observe(value);

  CHECK(spread.counts() == std::vector<std::uint64_t>{3, 2, 1, 2});
  std::uint64_t sum = 0;
  for (auto const count : spread.counts()) sum += count;
  CHECK(sum == 8);
}

TEST_CASE("the usual bounds rise from a millisecond to ten seconds") {
  auto const bounds = usual_seconds();

  CHECK(bounds.front() == 0.001);
  CHECK(bounds.back() == 10);
  CHECK(std::ranges::is_sorted(bounds));
}

TEST_CASE("counts from many threads are all there") {
  metrics_registry metrics;
  auto& count = metrics.make_counter("a_total", "A.");
  auto& spread = metrics.make_histogram("b_seconds", "B.");
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int n = 0; n < 1000; ++n) {
        count.add();
        spread.observe(0.5);
        metrics.make_counter("made_total", "M.", {{"n", std::to_string((n + thread) % 7)}}).add();
        if (n % 100 == 0) static_cast<void>(metrics.text());
      }
    });
  for (auto& one : threads) one.join();

  CHECK(count.value() == 4000);
  CHECK(spread.sum() == 2000);
  std::uint64_t made = 0;
  for (int n = 0; n < 7; ++n) made += metrics.make_counter("made_total", "M.", {{"n", std::to_string(n)}}).value();
  CHECK(made == 4000);
}

TEST_CASE("the same labels in another order are another series, and another kind of a name is a mistake") {
  metrics_registry metrics;
  metrics.make_counter("a_total", "A.", {{"x", "1"}, {"y", "2"}}).add();
  CHECK(metrics.make_counter("a_total", "A.", {{"y", "2"}, {"x", "1"}}).value() == 0);

  CHECK_THROWS_AS(metrics.make_histogram("a_total", "A."), std::logic_error);
  metrics.make_gauge("b", "B.");
  CHECK_THROWS_AS(metrics.make_counter("b", "B."), std::logic_error);
  CHECK_NOTHROW(metrics.watch("b", "B.", [] { return 1.0; }, {{"x", "1"}}));
}

TEST_CASE("a node is live by its live checks alone and ready by its ready checks alone") {
  for (bool const live : {true, false})
    for (bool const ready : {true, false})
      for (bool const draining : {true, false}) {
        health_registry health;
        auto const says = [](bool well) {
          return [well] { return well ? std::nullopt : std::optional<std::string>{"No."}; };
        };
        health.add(health_kind::live, "live", says(live));
        health.add(health_kind::ready, "ready", says(ready));
        health.set_draining(draining);
        CAPTURE(live, ready, draining);
        CHECK(health.ask(health_kind::live).is_well == live);
        CHECK(health.ask(health_kind::ready).is_well == (ready && !draining));
      }
}

TEST_CASE("every check is asked and named, also after one that is not content") {
  health_registry health;
  int asked = 0;
  for (auto const* name : {"first", "second", "third"})
    health.add(health_kind::ready, name, [&asked]() -> std::optional<std::string> {
      return ++asked == 1 ? std::optional<std::string>{"Not \"well\"."} : std::nullopt;
    });
  health.set_draining(false);
  auto const report = health.ask(health_kind::ready);

  CHECK(asked == 3);
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].reason == "Not \"well\".");
  CHECK(report.findings[2].check == "third");
  CHECK(nlohmann::json::parse(report.json())["checks"][0]["reason"] == "Not \"well\".");
}
