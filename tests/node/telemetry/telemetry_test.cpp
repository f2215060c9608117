#include <catch2/catch.hpp>

#include "node/telemetry/health.hpp"
#include "node/telemetry/log.hpp"
#include "node/telemetry/metrics.hpp"

using namespace ehds;
using namespace ehds::node::telemetry;
namespace telemetry = ehds::node::telemetry;

namespace {

instant noon() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

}  // namespace

TEST_CASE("an event is one line of JSON with its fields in order") {
  manual_clock const now(noon());
  std::string written;
  telemetry::log log(now, level::info, [&](std::string_view line) { written += line; });

  log.write(level::warning, "outbox.retry",
            {{"peer", "FI"}, {"attempt", 3}, {"seconds", 0.5}, {"last", false}, {"id", std::string("m1")}});

  CHECK(written ==
        "{\"time\":\"2026-11-22T12:00:00.000Z\",\"level\":\"warning\",\"event\":\"outbox.retry\",\"peer\":\"FI\","
        "\"attempt\":3,\"seconds\":0.5,\"last\":false,\"id\":\"m1\"}\n");
}

TEST_CASE("a line break or a broken byte in a field does not break the line") {
  manual_clock const now(noon());
  std::string written;
  telemetry::log log(now, level::info, [&](std::string_view line) { written += line; });

  log.write(level::error, "x", {{"text", "a\nb\xff"}});

  CHECK(written.find('\n') == written.size() - 1);
  CHECK(written.find("a\\nb\xEF\xBF\xBD") != written.npos);
}

TEST_CASE("events below the least level are not written") {
  manual_clock const now(noon());
  int lines = 0;
  telemetry::log log(now, level::warning, [&](std::string_view) { ++lines; });

  log.write(level::info, "quiet");
  log.write(level::error, "loud", problem{"a.b", "It broke.", "", ""});
  log.set_least(level::debug);
  log.write(level::debug, "now heard");

  CHECK(lines == 2);
  CHECK(log.wants(level::debug));
  CHECK(to_text(level::debug) == "debug");
  CHECK(to_text(level::info) == "info");
  CHECK(to_text(level::error) == "error");
}

TEST_CASE("metrics are written in the Prometheus text format") {
  metrics_registry metrics;
  metrics.make_counter("ehds_messages_total", "Messages by peer.", {{"peer", "F\"R"}}).add(2);
  metrics.make_counter("ehds_messages_total", "Messages by peer.", {{"peer", "FI"}}).add();
  metrics.make_gauge("ehds_outbox_oldest_seconds", "Age of the oldest message.").set(1.5);
  metrics.watch("ehds_commits_total", "Commits.", [] { return 7.0; });
  auto& spread = metrics.make_histogram("ehds_receipt_seconds", "Time to the receipt.", {{"peer", "FR"}}, {0.1, 1});
  spread.observe(0.05);
  spread.observe(0.1);
  spread.observe(3);

  CHECK(metrics.text() == R"(# HELP ehds_commits_total Commits.
# TYPE ehds_commits_total counter
ehds_commits_total 7
# HELP ehds_messages_total Messages by peer.
# TYPE ehds_messages_total counter
ehds_messages_total{peer="F\"R"} 2
ehds_messages_total{peer="FI"} 1
# HELP ehds_outbox_oldest_seconds Age of the oldest message.
# TYPE ehds_outbox_oldest_seconds gauge
ehds_outbox_oldest_seconds 1.5
# HELP ehds_receipt_seconds Time to the receipt.
# TYPE ehds_receipt_seconds histogram
ehds_receipt_seconds_bucket{peer="FR",le="0.1"} 2
ehds_receipt_seconds_bucket{peer="FR",le="1"} 2
ehds_receipt_seconds_bucket{peer="FR",le="+Inf"} 3
ehds_receipt_seconds_sum{peer="FR"} 3.15
ehds_receipt_seconds_count{peer="FR"} 3
)");
}

TEST_CASE("the same name and labels give the same series, another kind of that name is refused") {
  metrics_registry metrics;
  metrics.make_counter("a_total", "A.").add();
  metrics.make_counter("a_total", "A.").add();

  CHECK(metrics.make_counter("a_total", "A.").value() == 2);
  CHECK_THROWS_AS(metrics.make_gauge("a_total", "A."), std::logic_error);
}

TEST_CASE("a node is ready when it serves and every check is content, and says why not") {
  health_registry health;
  std::optional<std::string> trouble;
  health.add(health_kind::ready, "store", [&] { return trouble; });
  health.add(health_kind::live, "loop", [] { return std::nullopt; });

  CHECK_FALSE(health.ask(health_kind::ready).is_well);
  CHECK(health.ask(health_kind::live).is_well);
  health.set_draining(false);
  CHECK(health.ask(health_kind::ready).json() == R"({"status":"ready","checks":[{"check":"store","reason":null}]})");
  trouble = "The disk is full.";
  CHECK(health.ask(health_kind::ready).json() ==
        R"({"status":"not_ready","checks":[{"check":"store","reason":"The disk is full."}]})");
}
