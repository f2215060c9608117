// Who may be called now: a cap for each partner, slots that are shared, a pause for who does not answer.
#include "node/exchange/partner_slots.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace ehds;
using namespace std::chrono_literals;
using node::exchange::partner_slots;

namespace {

instant at(std::chrono::milliseconds since) { return parse_rfc3339("2026-11-22T12:00:00Z").value() + since; }

// How many are given out to that partner before it is refused.
std::vector<partner_slots::slot> take_all(partner_slots& from, std::string const& party, instant now = at(0s)) {
  std::vector<partner_slots::slot> held;
  while (auto one = from.take(party, now)) held.push_back(*std::move(one));
  return held;
}

}  // namespace

TEST_CASE("a partner has its cap, and what is given back can be taken again") {
  partner_slots slots({.calls_a_partner = 3, .shared_calls = 10});
  auto held = take_all(slots, "EU");
  CHECK(held.size() == 3);
  held.pop_back();
  CHECK(slots.take("EU", at(0s)));
  held.clear();
  CHECK(take_all(slots, "EU").size() == 3);
}

TEST_CASE("however busy others are, the first slot of a partner is its own") {
  partner_slots slots({.calls_a_partner = 4, .shared_calls = 3});
  auto const eu = take_all(slots, "EU");
  CHECK(eu.size() == 4);
  for (auto const* other : {"FI", "DK", "SE"}) CHECK(take_all(slots, other).size() == 1);
}

TEST_CASE("threads for all partners and all shared slots are never all with partners that hang") {
  constexpr int partners = 5;
  constexpr int shared = 3;
  partner_slots slots({.calls_a_partner = 4, .shared_calls = shared});
  std::vector<std::vector<partner_slots::slot>> hanging;
  std::size_t threads = 0;
  for (int n = 1; n < partners; ++n) {  // all but one
    hanging.push_back(take_all(slots, "hangs-" + std::to_string(n)));
    threads += hanging.back().size();
  }
  CHECK(threads < partners + shared);
  CHECK(slots.take("answers", at(0s)));
}

TEST_CASE("who does not answer keeps one slot, then none for a pause, then one again") {
  partner_slots slots({.failures_to_open = 3, .pause = 15s, .calls_a_partner = 4, .shared_calls = 3});
  slots.note_call("EU", false, at(0s));
  CHECK(take_all(slots, "EU").size() == 1);
  slots.note_call("EU", false, at(1s));
  slots.note_call("EU", false, at(2s));
  CHECK(take_all(slots, "EU", at(3s)).empty());
  CHECK(slots.paused_until("EU", at(3s)) == at(17s));
  CHECK(take_all(slots, "FI", at(3s)).size() == 4);

  auto const probe = take_all(slots, "EU", at(17s));
  CHECK(probe.size() == 1);
  slots.note_call("EU", false, at(18s));
  CHECK_FALSE(slots.take("EU", at(19s)));
  slots.note_call("EU", true, at(33s));
  CHECK_FALSE(slots.paused_until("EU", at(33s)));
  CHECK(take_all(slots, "EU", at(33s)).size() == 3);  // the probe still holds its own
}

TEST_CASE("a clock that is set back ends a pause that would never end") {
  partner_slots slots({.failures_to_open = 1, .pause = 15s});
  slots.note_call("EU", false, at(24h * 365));
  CHECK_FALSE(slots.paused_until("EU", at(0s)));
  CHECK(slots.take("EU", at(0s)));
}
