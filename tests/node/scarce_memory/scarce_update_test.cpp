// No memory for one allocation of the libraries while a partner's certificate update is looked at: it is not refused
// for that, and waits for the operator when it comes again.
#include <new>

#include "node/exchange/rollover.hpp"
#include "node/scarce_memory/scarce_memory.hpp"

using namespace ehds;
using namespace ehds::tests;

#ifdef EHDS_OWN_MALLOC
namespace {

// The next request to France meets scarcity at its `nth` allocation, and none after it. `fired`: there were so many.
void scarce_once(rollover& a, std::int64_t nth, bool& fired) {
  auto& door = a.wire.endpoints["https://FR.example/as4"];
  door = [serve = door, nth, &fired, is_first = true](http_call_request const& request) mutable {
    if (!std::exchange(is_first, false)) return serve(request);
    fail_allocation(allocations::of_libraries, nth);
    http_call_response answer{503, {}, ""};
    try {
      answer = serve(request);
    } catch (std::bad_alloc const&) {  // as the server does
    }
    fired = end_of_scarcity();
    return answer;
  };
}

}  // namespace

TEST_CASE("no memory for one allocation while a certificate update is taken: it waits for the operator all the same") {
  constexpr std::int64_t step = 31;  // of some 5,000
  int met = 0;
  bool fired = true;
  for (std::int64_t nth = 1; fired; nth += step) {
    rollover a;
    a.hold(next_of_eu());
    REQUIRE(a.of_eu.announce(a.about(next_of_eu().cert), "olga"));
    fired = false;
    scarce_once(a, nth, fired);
    a.deliver();
    if (!a.fr->db.healthy()) continue;  // it leaves, and the message waits at its sender
    met += fired ? 1 : 0;
    INFO("allocation " << nth);
    CHECK(status_of(a.of_fr) == "pending");
    CHECK(a.newest_at_fr() == "valid");
    CHECK(status_of(a.of_eu) == "announced");
  }
  CHECK(met > 80);
}
#endif
