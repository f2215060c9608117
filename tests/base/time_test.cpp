#include "base/time.hpp"

#include <catch2/catch.hpp>

#include "base/clock.hpp"

using namespace ehds;
using namespace std::chrono_literals;

TEST_CASE("an instant is written in UTC with milliseconds and reads back") {
  auto const at = parse_rfc3339("2026-11-22T13:04:05.678Z").value();
  CHECK(to_rfc3339(at) == "2026-11-22T13:04:05.678Z");
  CHECK(to_http_date(at) == "Sun, 22 Nov 2026 13:04:05 GMT");
  CHECK(to_text(date_of(at)) == "2026-11-22");
}

TEST_CASE("offsets and fractions of any length are understood") {
  CHECK(to_rfc3339(parse_rfc3339("2026-01-01T00:30:00+01:00").value()) == "2025-12-31T23:30:00.000Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-07-01T12:00:16.461529238Z").value()) == "2026-07-01T12:00:16.461Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-07-01").value()) == "2026-07-01T00:00:00.000Z");
}

TEST_CASE("a leap second is where the next day starts, and nothing in it comes after that") {
  for (auto const* text : {"2016-12-31T23:59:60Z", "2016-12-31T23:59:60.999Z", "2016-12-31T15:59:60-08:00",
                           "2017-01-01T05:29:60.5+05:30"}) {
    INFO(text);
    CHECK(to_rfc3339(parse_rfc3339(text).value()) == "2017-01-01T00:00:00.000Z");
  }
  for (auto const* bad : {"2016-12-31T23:58:60Z", "2016-12-31T22:59:60Z", "2016-12-31T23:59:61Z",
                          "2016-12-31T23:59:60-08:00", "2016-12-31T23:59:60+01:00"}) {
    INFO(bad);
    CHECK_FALSE(parse_rfc3339(bad));
  }
}

TEST_CASE("what is not a time is refused with the mend") {
  for (auto const* bad : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "2026-01-01T00:00:00",
                          "2026-01-01T25:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "01:02:2026"}) {
    INFO(bad);
    auto const read = parse_rfc3339(bad);
    REQUIRE_FALSE(read);
    CHECK_FALSE(read.error().mend.empty());
  }
}

TEST_CASE("a manual clock stands still until it is moved, a shifted clock keeps running") {
  manual_clock manual{parse_rfc3339("2026-01-01").value()};
  manual.advance(24h);
  CHECK(to_rfc3339(manual.now()) == "2026-01-02T00:00:00.000Z");

  shifted_clock shifted;
  auto const before = shifted.now();
  shifted.shift(24h * 28);
  CHECK(shifted.now() - before >= 24h * 28);
}
