#include "node/demo/mishap.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "node/demo/telling.hpp"

using namespace ehds::node::demo;

TEST_CASE("No mishap is planned unless the environment says so") {
  unsetenv("EHDS_DEMO_KILL");
  CHECK_FALSE(planned_mishap());
}

TEST_CASE("A mishap names a process and a fail point with its number") {
  setenv("EHDS_DEMO_KILL", "FR-data@zone.before_hand_back:2", 1);
  auto const planned = planned_mishap();
  unsetenv("EHDS_DEMO_KILL");
  REQUIRE(planned);
  CHECK(planned->process == "FR-data");
  CHECK(planned->point == "zone.before_hand_back:2");
}

TEST_CASE("What is no mishap ends the story before it begins") {
  auto const* const text = GENERATE("", "FR", "@exchange.stored", "FR@");
  setenv("EHDS_DEMO_KILL", text, 1);
  CHECK_THROWS_AS(planned_mishap(), story_error);
  unsetenv("EHDS_DEMO_KILL");
}
