#include "node/house/exchange_log.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ehds;
using namespace ehds::node;
using nlohmann::json;

namespace {

instant noon() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

template <class Write>
json logged(Write const& write) {
  manual_clock const time(noon());
  std::string lines;
  telemetry::log to(time, telemetry::level::info, [&](std::string_view line) { lines += line; });
  write(to);
  return json::parse(lines);  // one line
}

exchange::sending_news news(edelivery::outbound_status status) {
  return {"m1@FR", "EU", status, "EBMS:0005", "no answer: refused", 0, 3, noon() + std::chrono::hours(1)};
}

}  // namespace

TEST_CASE("a message that waits is a warning with its code, its attempts and its next try") {
  auto const line = logged([](auto& log) { house::log_sending(log, news(edelivery::outbound_status::waiting)); });
  CHECK(line["level"] == "warning");
  CHECK(line["event"] == "as4.not_sent");
  CHECK(line["message_id"] == "m1@FR");
  CHECK(line["partner"] == "EU");
  CHECK(line["code"] == "EBMS:0005");
  CHECK(line["why"] == "no answer: refused");
  CHECK(line["attempts"] == 3);
  CHECK(line["next_try"] == to_rfc3339(noon() + std::chrono::hours(1)));
}

TEST_CASE("a dead letter is an error, and what was delivered after trouble is no warning") {
  auto const dead = logged([](auto& log) { house::log_sending(log, news(edelivery::outbound_status::failed)); });
  CHECK(dead["level"] == "error");
  CHECK(dead["event"] == "as4.dead_letter");
  CHECK(dead["message_id"] == "m1@FR");
  CHECK_FALSE(dead.contains("next_try"));
  auto const done = logged([](auto& log) { house::log_sending(log, news(edelivery::outbound_status::delivered)); });
  CHECK(done["level"] == "info");
  CHECK(done["event"] == "as4.delivered");
  CHECK(done["attempts"] == 3);
}

TEST_CASE("what a back end did not take is told with how often it may refuse") {
  using enum exchange::notice_news::kind;
  exchange::notice_news one{refused, "m1@FR", "HTTP status 400", 2, 1, noon()};
  auto const first = logged([&](auto& log) { house::log_notice(log, "erp", one); });
  CHECK(first["event"] == "webhook.refused");
  CHECK(first["back_end"] == "erp");
  CHECK(first["message_id"] == "m1@FR");
  CHECK(first["refusals"] == "1 of 12");
  one.what = set_aside;
  CHECK(logged([&](auto& log) { house::log_notice(log, "erp", one); })["event"] == "webhook.set_aside");
  one.what = taken_after_all;
  auto const last = logged([&](auto& log) { house::log_notice(log, "erp", one); });
  CHECK(last["event"] == "webhook.taken");
  CHECK(last["level"] == "info");
}
