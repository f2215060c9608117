// Permits on their way to the platform: tried again with longer and longer pauses, for ever, until there is proof.
#include <catch2/catch.hpp>
#include <deque>

#include "node/access/cases/case_desk.hpp"
#include "node/house/hand_over_worker.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace std::chrono_literals;

namespace {

struct scripted_platform final : connectors::local_platform {
  std::deque<connectors::attempt_outcome> answers;
  std::vector<connectors::hand_over> asked;
  connectors::attempt_outcome deliver(connectors::hand_over const& what) override {
    asked.push_back(what);
    if (answers.empty()) return connectors::try_later{{"platform.down", "Nobody answers.", "", ""}, std::nullopt};
    auto next = answers.front();
    answers.pop_front();
    return next;
  }
};

struct waiting_permit {
  fresh_folder folder;
  manual_clock time{parse_rfc3339("2026-11-22T12:00:00Z").value()};
  node::store::database db =
      node::store::database::open(folder / "n.sqlite", {.migrations = node::access::case_desk::migrations()}).value();
  node::access::permit_book book{db};
  scripted_platform platform;
  node::house::hand_over_worker worker{book, platform, time};

  explicit waiting_permit(std::string const& type = "DATA_ACCESS_APPLICATION", std::string const& kind = "issue") {
    REQUIRE(db.commit([&](node::store::transaction& tx) -> result<void> {
      tx.run(
          "INSERT INTO access_handover (key, permit_id, type, kind, body, created, next_try) VALUES "
          "('FR-2026-0001/2:k', 'FR-2026-0001/2', ?, ?, 'e.e.e', ?, ?)",
          type, kind, time.now(), time.now());
      return {};
    }));
  }
  node::access::handover_entry entry() { return book.handovers("FR-2026-0001/2").at(0); }
};

}  // namespace

TEST_CASE("the pause doubles from two seconds to a quarter of an hour, and never ends") {
  waiting_permit one;
  std::vector<std::chrono::milliseconds> pauses;
  for (int n = 0; n < 30; ++n) {
    CHECK_FALSE(one.worker.run_once());
    auto const next = one.entry().next_try.value();
    pauses.push_back(next - one.time.now());
    one.time.set(next);
  }
  CHECK(pauses[0] == 2s);
  CHECK(pauses[1] == 4s);
  CHECK(pauses[2] == 8s);
  CHECK(pauses[29] == 15min);
  CHECK(one.entry().attempts == 30);
  CHECK(one.platform.asked.size() == 30);
  for (auto const& what : one.platform.asked) CHECK(what.idempotency_key == "FR-2026-0001/2:k");
}

TEST_CASE("the platform may ask for more patience than the pause, not for less") {
  waiting_permit one;
  problem const busy{"platform.status", "busy", "", ""};
  one.platform.answers = {connectors::try_later{busy, 30s}, connectors::try_later{busy, 1ms}};
  one.worker.run_once();
  CHECK(one.entry().next_try == one.time.now() + 30s);
  one.time.advance(30s);
  one.worker.run_once();
  CHECK(one.entry().next_try == one.time.now() + 4s);
}

TEST_CASE("proof ends it; a refusal is shown and asked again once a day") {
  waiting_permit one;
  one.platform.answers = {connectors::refused_for_good{{"platform.status", "no", "", ""}},
                          connectors::receipt_proof{"r-1", "00", one.time.now()}};
  CHECK_FALSE(one.worker.run_once());
  CHECK(one.entry().last_error.starts_with("refused: "));
  CHECK(one.entry().next_try == one.time.now() + 24h);
  one.time.advance(24h);
  CHECK(one.worker.run_once());
  CHECK(one.entry().done == one.time.now());
  CHECK(one.entry().proof.find("r-1") != std::string::npos);
  CHECK_FALSE(one.worker.run_once());
}

TEST_CASE("what is sent names kind and version; an approval under Art. 69 is for no platform") {
  waiting_permit revoked("DATA_ACCESS_APPLICATION", "revoke");
  revoked.worker.run_once();
  CHECK(revoked.platform.asked.at(0).kind == connectors::hand_over_kind::revocation);
  CHECK(revoked.platform.asked.at(0).permit_version == 2);

  waiting_permit request("DATA_REQUEST_APPLICATION");
  CHECK(request.worker.run_once());
  CHECK(request.platform.asked.empty());
}
