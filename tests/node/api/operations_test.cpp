// For whoever keeps the node running: health, counters, the register that everybody may read, and the rehearsal clock.
#include <catch2/catch.hpp>
#include <thread>

#include "node/house/one_house.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;
using node::identity::role;

TEST_CASE("a node that was built but not started lives and is not ready; started it is") {
  one_house fr("FR");
  CHECK(fr.ask("GET", "/livez").status == 200);
  CHECK(fr.ask("GET", "/readyz").status == 503);
  REQUIRE(fr.house().start());
  CHECK(fr.ask("GET", "/readyz").status == 200);
  fr.house().stop();
  CHECK(fr.ask("GET", "/readyz").status == 503);
  CHECK(fr.ask("GET", "/livez").status == 200);
}

TEST_CASE("the counters are there in the text format of Prometheus") {
  one_house fr("FR");
  auto const answer = fr.ask("GET", "/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.headers.get("Content-Type").starts_with("text/plain; version=0.0.4"));
  CHECK(answer.body.find("# TYPE") != std::string::npos);
}

TEST_CASE("the rehearsal clock moves forward by days and seconds, and stays moved after a restart") {
  one_house fr("FR");
  auto const before = json_of(fr.ask("GET", "/api/rehearsal/clock"));
  CHECK(before.at("adjustable") == true);
  auto const moved =
      fr.as({role::operator_}, "POST", "/api/rehearsal/clock", {{"advance_days", 28}, {"advance_seconds", 60}});
  REQUIRE(moved.status == 200);
  auto const then = parse_rfc3339(before.at("now").get<std::string>()).value();
  auto const now = parse_rfc3339(json_of(moved).at("now").get<std::string>()).value();
  CHECK(now - then >= std::chrono::hours{28 * 24});
  CHECK(now - then < std::chrono::hours{29 * 24});
  fr.build_again();
  CHECK(fr.parts().wall.now() >= now);
}

TEST_CASE("moves of the clock at the same time all count, on the wall and in the store") {
  one_house fr("FR");
  std::vector<std::thread> movers;
  for (int n = 0; n < 4; ++n)
    movers.emplace_back([&] {
      for (int turn = 0; turn < 5; ++turn)
        static_cast<void>(node::house::move_clock(fr.parts(), std::chrono::hours{1}));
    });
  for (auto& one : movers) one.join();
  CHECK(fr.parts().wall.offset() == std::chrono::hours{20});
  fr.build_again();
  CHECK(fr.parts().wall.offset() == std::chrono::hours{20});
}

TEST_CASE("a clock that follows its edge stands where that stands, and stays there after a restart") {
  one_house zone("FR");
  node::house::follow_clock(zone.parts(), std::chrono::hours{672});
  node::house::follow_clock(zone.parts(), std::chrono::hours{672});
  CHECK(zone.parts().wall.offset() == std::chrono::hours{672});
  zone.build_again();
  CHECK(zone.parts().wall.offset() == std::chrono::hours{672});
  node::house::follow_clock(zone.parts(), std::chrono::hours{24});
  CHECK(zone.parts().wall.offset() == std::chrono::hours{24});
}

TEST_CASE("nobody moves the clock back, by nonsense, or without being the operator") {
  one_house fr("FR");
  for (auto const& body : {json{{"advance_days", -1}}, json{{"advance_days", "3"}}, json{{"advance_days", 1.5}},
                           json{{"advance_days", 40'000}}, json{{"advance_seconds", 1'000'000}}}) {
    INFO(body.dump());
    CHECK(fr.as({role::operator_}, "POST", "/api/rehearsal/clock", body).status == 400);
  }
  CHECK(fr.as({role::decider}, "POST", "/api/rehearsal/clock", {{"advance_days", 1}}).status == 403);
  CHECK(fr.parts().wall.offset().count() == 0);
}

TEST_CASE("outside a rehearsal the clock cannot be moved") {
  one_house fr("FR", [](auto& settings) { settings.clock_adjustable = false; });
  CHECK(json_of(fr.ask("GET", "/api/rehearsal/clock")).at("adjustable") == false);
  CHECK(fr.as({role::operator_}, "POST", "/api/rehearsal/clock", {{"advance_days", 1}}).status == 403);
}

TEST_CASE("the keys that verify permits, the register and the revocations are public") {
  one_house fr("FR");
  auto const keys = fr.ask("GET", "/.well-known/jwks.json");
  CHECK(keys.headers.get("Content-Type").starts_with("application/jwk-set+json"));
  REQUIRE(json_of(keys).at("keys").size() == 1);
  CHECK(json_of(keys).at("keys").at(0).at("crv") == "Ed25519");
  CHECK_FALSE(json_of(keys).at("keys").at(0).contains("d"));
  CHECK(json_of(fr.ask("GET", "/api/register")).at("entries").empty());
  CHECK(fr.ask("GET", "/api/revocations").status == 200);
  CHECK(fr.as({role::decider}, "GET", "/api/permits/FR-2026-0001").status == 404);
  CHECK(fr.ask("GET", "/api/permits/FR-2026-0001").status == 401);
}
