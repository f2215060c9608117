// For whoever keeps the node running: is it alive, is it ready, what does it count; and in a rehearsal, what time is
// it.
#include <nlohmann/json.hpp>

#include "base/numbers.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/openapi.hpp"
#include "node/api/surfaces.hpp"
#include "node/telemetry/health.hpp"
#include "node/telemetry/metrics.hpp"

namespace ehds::node::api {
namespace {

using nlohmann::json;

http::response health(rooms& house, telemetry::health_kind kind) {
  auto const report = house.health->ask(kind);
  return http::json(report.json(), report.is_well ? 200 : 503);
}

http::response clock_now(rooms& house) {
  return answer_json({{"now", to_rfc3339(house.wall->now())}, {"adjustable", static_cast<bool>(house.move_clock)}});
}

// {"advance_days": 28, "advance_seconds": 0}: forward only, for a clock that goes back makes nonsense of deadlines.
http::response move_clock(rooms& house, http::request const& asked) {
  if (auto const who = admit(house, asked, {identity::role::operator_}); !who) return refuse(who.error());
  if (!house.move_clock)
    return refuse(problem{"api.forbidden",
                          "this node is no rehearsal: its clock cannot be moved",
                          {},
                          "set clock.adjustable in a rehearsal's configuration"});
  auto const body = body_object(asked);
  if (!body) return refuse(body.error());
  auto const days = body->value("advance_days", json(0U));
  auto const seconds = body->value("advance_seconds", json(0U));
  bool const sensible = days.is_number_unsigned() && seconds.is_number_unsigned() &&
                        days.get<std::uint64_t>() <= 36'500 && seconds.get<std::uint64_t>() <= 86'400;
  if (!sensible)
    return refuse(problem{"api.json", "the clock moves forward by whole days (to 36500) and seconds (to 86400)",
                          "/advance_days", "give numbers"});
  auto const by = std::chrono::hours{24 * days.get<std::int64_t>()} + std::chrono::seconds{seconds.get<std::int64_t>()};
  if (auto const moved = house.move_clock(by); !moved) return refuse(moved.error());
  // No nudge: the calendar looks by itself within a second, when the partners' clocks have been moved too.
  return clock_now(house);
}

}  // namespace

std::vector<http::route> operations_routes(rooms& house) {
  return {{"GET", "/livez", [&house](auto&) { return health(house, telemetry::health_kind::live); }},
          {"GET", "/readyz", [&house](auto&) { return health(house, telemetry::health_kind::ready); }},
          {"GET", "/metrics",
           [&house](auto&) { return http::bytes(house.metrics->text(), "text/plain; version=0.0.4; charset=utf-8"); }},
          {"GET", "/openapi.json", [](auto&) { return http::json(std::string(openapi_document())); }},
          {"GET", "/api/rehearsal/clock", [&house](auto&) { return clock_now(house); }},
          {"POST", "/api/rehearsal/clock", [&house](auto& asked) { return move_clock(house, asked); }}};
}

}  // namespace ehds::node::api
